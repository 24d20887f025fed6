// A signature drawn with finger, pen or mouse, kept as a picture.
import { Button } from 'antd'
import { useEffect, useRef, useState, type PointerEvent } from 'react'
import { asProblem, fileUrl, upload } from '../../api/client'
import { t } from '../../i18n/t'
import { noteFiles } from '../files'
import { size, type ControlProps } from './props'

type Point = readonly [number, number]
type Stroke = Point[]

const INK = '#141922' // always on white: the picture is read by everybody, in light and dark

function draw(canvas: HTMLCanvasElement, strokes: Stroke[]): void {
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.clearRect(0, 0, canvas.width, canvas.height)
  Object.assign(pen, { lineWidth: 3, lineCap: 'round', lineJoin: 'round', strokeStyle: INK })
  for (const stroke of strokes) {
    pen.beginPath()
    pen.moveTo(...stroke[0]!)
    // A dot is a line of no length, which a round cap makes visible.
    for (const point of stroke) pen.lineTo(...point)
    pen.stroke()
  }
}

export default function Signature(props: ControlProps) {
  const { id, labelId, describedBy, value, onChange } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawing = useRef(false)
  const [strokes, setStrokes] = useState<Stroke[]>([])
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  useEffect(() => {
    if (canvas.current) draw(canvas.current, strokes)
  }, [strokes])
  const point = (event: PointerEvent<HTMLCanvasElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect()
    const { width, height } = event.currentTarget
    return [((event.clientX - box.left) * width) / box.width, ((event.clientY - box.top) * height) / box.height]
  }
  const start = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drawing.current = true
    const first = point(event)
    setStrokes((all) => [...all, [first]])
  }
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drawing.current) return
    const next = point(event)
    setStrokes((all) => [...all.slice(0, -1), [...(all.at(-1) ?? []), next]])
  }
  const end = () => (drawing.current = false)
  const keep = () => {
    setBusy(true)
    setWrong(null)
    canvas.current?.toBlob((picture) => {
      if (!picture) return setBusy(false)
      upload(new File([picture], 'signature.png', { type: 'image/png' }), () => undefined)
        .then((file) => {
          noteFiles([file], true)
          setStrokes([])
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
          <Button size={size(props)} style={{ alignSelf: 'flex-start' }} onClick={() => onChange(null)}>
            {t('form.signAgain')}
          </Button>
        </>
      ) : (
        <>
          <canvas ref={canvas} className="signature" width={720} height={240} role="img" aria-label={t('form.signHere')} onPointerDown={start} onPointerMove={move} onPointerUp={end} onPointerCancel={end} />
          <div className="row g8 wrap">
            <Button size={size(props)} disabled={!strokes.length} loading={busy} onClick={keep}>
              {t('form.keepSignature')}
            </Button>
            <Button size={size(props)} type="text" disabled={!strokes.length} onClick={() => setStrokes((all) => all.slice(0, -1))}>
              {t('form.undoStroke')}
            </Button>
            <Button size={size(props)} type="text" disabled={!strokes.length} onClick={() => setStrokes([])}>
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
