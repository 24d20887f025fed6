// The canvas as the page knows it: what is picked, what changed, and the text of the diagram going in and out.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { createModeler, type Modeler } from '../../../bpmn/modeler'
import { named, type Drawn, type Part } from '../../../bpmn/parts'
import { useMode } from '../../../ui/prefs'

const WRITE_AFTER = 150 // a drag makes many changes

export interface Designer {
  part: Part | null // null until something is drawn
  picked: Drawn | undefined
  round: number // counts every change, so that what is read from the model is read anew
  scale: number
  lost: string[] // what the file holds that would not be written back
  broken: boolean
  undo: (() => void) | null
  redo: (() => void) | null
  /** Hands over at once what was changed last. */
  flush(): Promise<void>
}

export function useModeler(box: RefObject<HTMLDivElement | null>, text: string, onText: (text: string) => void): Designer {
  const mode = useMode()
  const [modeler, setModeler] = useState<Modeler | null>(null)
  const [drawn, setDrawn] = useState(false)
  const [picked, setPicked] = useState<Drawn | undefined>()
  const [round, setRound] = useState(0)
  const [scale, setScale] = useState(1)
  const [lost, setLost] = useState<string[]>([])
  const [broken, setBroken] = useState(false)
  const given = useRef<string | null>(null) // the text that the canvas shows
  const began = useRef('') // the text that the first step back leads to, to the byte
  const timer = useRef(0)
  const say = useRef(onText)
  say.current = onText
  const latest = useRef(text)
  latest.current = text

  const hand = useCallback(async (from: Modeler) => {
    window.clearTimeout(timer.current)
    timer.current = 0
    const next = from.part('commandStack')._stackIdx < 0 ? began.current : await from.write()
    if (next === given.current) return
    given.current = next
    say.current(next)
  }, [])

  useEffect(() => {
    const made = createModeler(box.current!)
    given.current = null
    setModeler(made)
    const events = made.part('eventBus')
    const changed = () => {
      setRound((before) => before + 1)
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => void hand(made), WRITE_AFTER)
    }
    events.on('commandStack.changed', () => given.current !== null && changed())
    events.on('selection.changed', ({ newSelection }) => setPicked(newSelection?.length === 1 ? named(newSelection[0]!) : undefined))
    events.on('canvas.viewbox.changed', ({ viewbox }) => viewbox && setScale(viewbox.scale))
    return () => {
      window.clearTimeout(timer.current)
      setModeler(null)
      setDrawn(false)
      setPicked(undefined)
      made.destroy()
    }
  }, [box, mode, hand])

  // A text that the canvas did not write itself: from the server, another editor, or the version before.
  useEffect(() => {
    if (!modeler || text === given.current) return
    let gone = false
    const view = given.current === null ? null : modeler.part('canvas').viewbox()
    window.clearTimeout(timer.current)
    given.current = null
    modeler.open(text).then(
      (warnings) => {
        if (gone) return
        given.current = text
        began.current = text
        setLost(warnings)
        setBroken(false)
        setDrawn(true)
        setPicked(undefined)
        setRound((before) => before + 1)
        if (view) modeler.part('canvas').viewbox({ x: view.x, y: view.y, width: view.width, height: view.height })
        else fit(modeler.part)
      },
      () => !gone && setBroken(true),
    )
    return () => void (gone = true)
  }, [modeler, text])

  const stack = drawn && modeler ? modeler.part('commandStack') : null
  return {
    part: drawn && modeler ? modeler.part : null,
    picked, round, scale, lost, broken,
    undo: stack?.canUndo() ? () => stack.undo() : null,
    redo: stack?.canRedo() ? () => stack.redo() : null,
    flush: useCallback(async () => {
      if (modeler && timer.current) await hand(modeler)
    }, [modeler, hand]),
  }
}

const PADDING = 48
const LARGEST = 1

/** All of the drawing in sight, never larger than it is. */
export function fit(part: Part): void {
  const canvas = part('canvas')
  const { inner, outer } = canvas.viewbox()
  if (!inner.width || !outer.width) return
  const scale = Math.min((outer.width - 2 * PADDING) / inner.width, (outer.height - 3 * PADDING) / inner.height, LARGEST)
  if (!(scale > 0)) return
  const width = outer.width / scale
  const height = outer.height / scale
  canvas.viewbox({ x: inner.x + inner.width / 2 - width / 2, y: inner.y + inner.height / 2 - height / 2, width, height })
}
