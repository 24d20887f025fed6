// The camera looking for a code, or a picture with one; what is found is told once.
import { Button } from 'antd'
import { ImageUp, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/t'
import { icon14 } from '../../ui/bits'
import { codeIn, codeReader, mayUseCamera } from '../scanning'

const PAUSE = 120

export function Scanner({ found, close, phone }: { found: (code: string) => void; close: () => void; phone: boolean }) {
  const video = useRef<HTMLVideoElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const tell = useRef(found)
  tell.current = found
  const [wrong, setWrong] = useState<string | null>(() => (mayUseCamera() ? null : t('form.noCamera')))
  useEffect(() => {
    if (!mayUseCamera()) return
    let ended = false
    let stream: MediaStream | null = null
    const look = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      const read = await codeReader()
      if (ended || !video.current) return stop()
      video.current.srcObject = stream
      await video.current.play()
      while (!ended && video.current) {
        const code = await read(video.current).catch(() => null)
        if (code && !ended) {
          ended = true
          stop()
          return tell.current(code)
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
    const stop = () => stream?.getTracks().forEach((track) => track.stop())
    look().catch(() => {
      stop()
      if (!ended) setWrong(t('form.noCamera'))
    })
    return () => {
      ended = true
      stop()
    }
  }, [])
  const still = async (file: File | undefined) => {
    if (!file) return
    const code = await codeIn(file).catch(() => null)
    if (code) found(code)
    else setWrong(t('form.noCode'))
  }
  const size = phone ? 'large' : 'small'
  return (
    <div className="scanner">
      {mayUseCamera() && <video ref={video} muted playsInline aria-label={t('form.camera')} />}
      {wrong && (
        <span className="field-error" role="alert">
          {wrong}
        </span>
      )}
      <div className="row g8 wrap">
        <input ref={picker} type="file" accept="image/*" hidden onChange={(event) => void still(event.target.files?.[0])} />
        <Button size={size} icon={<ImageUp {...icon14} />} onClick={() => picker.current?.click()}>
          {t('form.scanPicture')}
        </Button>
        <Button size={size} type="text" icon={<X {...icon14} />} onClick={close}>
          {t('do.close')}
        </Button>
      </div>
    </div>
  )
}
