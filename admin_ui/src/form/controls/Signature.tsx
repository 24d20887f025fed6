// A signature drawn with finger or mouse, kept as a picture.
import { Button } from 'antd'
import { useRef, useState, type PointerEvent } from 'react'
import { asProblem, fileUrl, upload } from '../../api/client'
import { t } from '../../i18n/t'
import { noteFiles } from '../files'
import type { ControlProps } from './props'

export default function Signature({ id, labelId, describedBy, value, onChange }: ControlProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawing = useRef(false)
  const [drawn, setDrawn] = useState(false)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const { width, height } = event.currentTarget
    return [((event.clientX - box.left) * width) / box.width, ((event.clientY - box.top) * height) / box.height] as const
  }
  const start = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = canvas.current?.getContext('2d')
    if (!pen) return
    event.currentTarget.setPointerCapture(event.pointerId)
    Object.assign(pen, { lineWidth: 3, lineCap: 'round', lineJoin: 'round', strokeStyle: '#141922' })
    pen.beginPath()
    pen.moveTo(...point(event))
    drawing.current = true
  }
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = canvas.current?.getContext('2d')
    if (!pen || !drawing.current) return
    pen.lineTo(...point(event))
    pen.stroke()
    setDrawn(true)
  }
  const clear = () => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, canvas.current.width, canvas.current.height)
    setDrawn(false)
  }
  const keep = () => {
    setBusy(true)
    setWrong(null)
    canvas.current?.toBlob((picture) => {
      if (!picture) return setBusy(false)
      upload(new File([picture], 'signature.png', { type: 'image/png' }), () => undefined)
        .then((file) => {
          noteFiles([file], true)
          onChange(file.id)
        }, (error: unknown) => setWrong(asProblem(error).message))
        .finally(() => setBusy(false))
    })
  }
  return (
    <div id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy} className="col g8">
      {typeof value === 'string' && value ? (
        <>
          <img className="signature" src={fileUrl(value)} alt={t('form.signature')} />
          <Button onClick={() => onChange(null)}>{t('form.signAgain')}</Button>
        </>
      ) : (
        <>
          <canvas ref={canvas} className="signature" width={720} height={240} aria-label={t('form.signHere')} onPointerDown={start} onPointerMove={move} onPointerUp={() => (drawing.current = false)} />
          <div className="row g8">
            <Button disabled={!drawn} loading={busy} onClick={keep}>
              {t('form.keepSignature')}
            </Button>
            <Button type="text" disabled={!drawn} onClick={clear}>
              {t('form.clear')}
            </Button>
          </div>
        </>
      )}
      {wrong && (
        <span className="field-error" role="alert">
          {wrong}
        </span>
      )}
    </div>
  )
}
