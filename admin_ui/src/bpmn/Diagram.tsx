// A process as it was drawn, with what it has walked and where it stands. The only folder that knows bpmn-js.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/diagram-js.css'
import { useEffect, useRef, useState } from 'react'
import { t } from '../i18n/t'
import { useMode } from '../ui/prefs'
import './diagram.css'
import { rendererModule } from './renderer'
import { spiff } from './spiff'
import { tint, type Tints } from './tints'
import type { Together } from './together'

export interface Badge {
  element: string
  text: string
  tone: 'brand' | 'teal' | 'amber' | 'red' | 'neutral'
  place?: 'above' | 'beside' | 'below'
  quiet?: boolean // in pale colours
}

export interface DiagramProps {
  xml: string
  label: string
  done?: string[]
  live?: string[]
  stuck?: string[]
  badges?: Badge[]
  names?: Record<string, string>
  padding?: [number, number, number, number]
  tints?: Tints
  picked?: string | null
  onPick?: (element: string) => void // a step was clicked
  together?: Together // shows the same part as the others of it
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

interface Element {
  id: string
  x: number
  y: number
  width: number
  height: number
  waypoints?: unknown[]
  source?: { id: string }
  target?: { id: string }
  parent?: unknown
  businessObject: { name?: string }
  di: { set(name: string, value: string): void }
  labelTarget?: { id: string }
}

interface Parts {
  canvas: { viewbox(box?: Box): Box & { inner: Box; outer: { width: number; height: number } }; addMarker(id: string, marker: string): void; removeMarker(id: string, marker: string): void }
  eventBus: { on(event: string, listen: (event: { element: Element }) => void): void }
  overlays: { add(id: string, overlay: { position: object; html: HTMLElement; scale: object }): void }
  elementRegistry: { get(id: string): Element | undefined; forEach(visit: (element: Element) => void): void; getGraphics(element: Element): SVGElement }
  graphicsFactory: { update(kind: string, element: Element, graphics: SVGElement): void }
}

const PADDING: [number, number, number, number] = [44, 24, 36, 24]
const PLACES = { above: { top: -12, right: 6 }, beside: { top: 10, left: -4 }, below: { bottom: 8, left: -16 } }
const LARGEST = 1.2
const LABEL = 90
const READABLE = 0.55 // below this the names cannot be read: then where it stands is shown, not all of it

export default function Diagram(props: DiagramProps) {
  const { xml, label } = props
  const box = useRef<HTMLDivElement>(null)
  const mode = useMode()
  const [broken, setBroken] = useState(false)
  const [drawn, setDrawn] = useState<Parts['canvas'] | null>(null)
  // Drawn anew when anything that it shows has changed: colours cannot be taken back from edges.
  const drawing = JSON.stringify([xml, props.done, props.live, props.stuck, props.badges, props.names, props.tints])
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const css = getComputedStyle(document.documentElement)
    const colour = (name: string) => css.getPropertyValue(name).trim()
    let gone = false
    let leave: (() => void) | undefined
    const viewer = new NavigatedViewer({
      container: box.current!,
      bpmnRenderer: { defaultFillColor: colour('--surface'), defaultStrokeColor: colour('--ink-3'), defaultLabelColor: colour('--ink') },
      textRenderer: { defaultStyle: { fontFamily: colour('--font'), fontSize: 13, lineHeight: 1.35 }, externalStyle: { fontSize: 12 } },
      additionalModules: [rendererModule],
      moddleExtensions: { spiffworkflow: spiff },
    } as ConstructorParameters<typeof NavigatedViewer>[0])
    const part = <K extends keyof Parts>(name: K): Parts[K] => viewer.get(name)
    viewer
      .importXML(latest.current.xml)
      .then(() => {
        if (gone) return
        setBroken(false)
        const now = latest.current
        rename(part('elementRegistry'), part('graphicsFactory'), now.names)
        mark(part, now, colour)
        tint(part('elementRegistry'), part('canvas'), part('graphicsFactory'), now.tints, colour)
        if (now.together) leave = now.together.join(part('canvas'), part('eventBus'))
        else fit(part('canvas'), now.padding ?? PADDING, boxOf(part('elementRegistry'), now.live))
        part('eventBus').on('element.click', ({ element }) => element.parent && latest.current.onPick?.(element.labelTarget?.id ?? element.id))
        setDrawn(part('canvas'))
        const maker = box.current?.querySelector('.bjs-powered-by')
        maker?.setAttribute('aria-label', 'bpmn.io')
        maker?.setAttribute('title', t('diagram.by'))
      })
      .catch(() => !gone && setBroken(true))
    const resized = new ResizeObserver(() => {
      try {
        if (gone || !box.current?.clientWidth) return
        if (latest.current.together) latest.current.together.fit()
        else fit(part('canvas'), latest.current.padding ?? PADDING, boxOf(part('elementRegistry'), latest.current.live))
      } catch {
        // Nothing is drawn yet.
      }
    })
    resized.observe(box.current!)
    return () => {
      gone = true
      setDrawn(null)
      leave?.()
      resized.disconnect()
      viewer.destroy()
    }
  }, [drawing, mode])

  const { picked } = props
  useEffect(() => {
    if (!drawn || !picked) return
    drawn.addMarker(picked, 'picked')
    return () => drawn.removeMarker(picked, 'picked')
  }, [drawn, picked])

  return (
    <div className={props.onPick ? 'diagram picking' : 'diagram'} role="region" aria-label={label}>
      <div className="diagram-canvas" ref={box} />
      {broken && (
        <p className="diagram-broken" role="alert">
          {t('diagram.broken')}
        </p>
      )}
    </div>
  )
}

/** The names in the reader's language instead of those in the drawing. */
function rename(registry: Parts['elementRegistry'], graphics: Parts['graphicsFactory'], names: Record<string, string> | undefined) {
  if (!names) return
  registry.forEach((element) => {
    const name = names[element.id]
    const business = element.businessObject
    if (!name || !business?.name || business.name === name || element.labelTarget) return
    business.name = name
    const kind = element.waypoints ? 'connection' : 'shape'
    graphics.update(kind, element, registry.getGraphics(element))
    const label = registry.get(element.id + '_label')
    if (!label) return
    // The drawing left room for the other language's name.
    label.x -= Math.max(0, LABEL - label.width) / 2
    label.width = Math.max(LABEL, label.width)
    graphics.update('shape', label, registry.getGraphics(label))
  })
}

function mark(part: <K extends keyof Parts>(name: K) => Parts[K], { done = [], live = [], stuck = [], badges = [] }: DiagramProps, colour: (name: string) => string) {
  const canvas = part('canvas')
  const registry = part('elementRegistry')
  // The server counts elements, not flows: a flow was walked when both its ends were.
  const walked = new Set(done)
  const reached = new Set([...done, ...live])
  for (const [marker, ids] of [['done', done], ['live', live], ['stuck', stuck]] as const)
    for (const id of ids) if (registry.get(id)) canvas.addMarker(id, marker)
  registry.forEach((element) => {
    if (!element.waypoints || !element.source || !element.target || !walked.has(element.source.id) || !reached.has(element.target.id)) return
    canvas.addMarker(element.id, 'done')
    // Only an attribute colours the arrowhead too; CSS leaves it.
    element.di.set('bioc:stroke', colour('--teal-fg'))
    part('graphicsFactory').update('connection', element, registry.getGraphics(element))
  })
  const overlays = part('overlays')
  for (const { element, text, tone, place, quiet } of badges) {
    if (!registry.get(element)) continue
    const html = document.createElement('div')
    html.className = `badge ${place === 'below' ? '' : 'badge-left '}${quiet ? 'badge-quiet ' : ''}tone-${tone}`
    html.textContent = text
    // Beside a timer, above anything else; never so small that it cannot be read.
    overlays.add(element, { position: PLACES[place ?? 'above'], html, scale: { min: 0.75, max: 1.1 } })
  }
}

/** Where the first of some elements is drawn. */
function boxOf(registry: Parts['elementRegistry'], ids: string[] = []): Box | undefined {
  const element = ids.map((id) => registry.get(id)).find((one) => one && !one.waypoints)
  return element && { x: element.x, y: element.y, width: element.width, height: element.height }
}

/** The whole drawing in sight, never larger than is pleasant, clear of what lies on the canvas. */
function fit(canvas: Parts['canvas'], [top, right, bottom, left]: [number, number, number, number], focus?: Box) {
  const { inner, outer } = canvas.viewbox()
  if (!inner.width || !outer.width) return
  const scale = Math.min((outer.width - left - right) / inner.width, (outer.height - top - bottom) / inner.height, LARGEST)
  if (!(scale > 0)) return
  if (scale < READABLE && focus) {
    const width = outer.width / READABLE
    const height = outer.height / READABLE
    return void canvas.viewbox({ x: focus.x + focus.width / 2 - width / 2, y: focus.y + focus.height / 2 - height / 2, width, height })
  }
  const width = outer.width / scale
  const height = outer.height / scale
  canvas.viewbox({
    x: inner.x + inner.width / 2 - width / 2 - (left - right) / 2 / scale,
    y: inner.y + inner.height / 2 - height / 2 - (top - bottom) / 2 / scale,
    width,
    height,
  })
}
