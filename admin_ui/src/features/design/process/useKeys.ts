// The designer by keyboard: undo, save, delete, move, and from step to step.
import { useEffect, type KeyboardEvent as ReactKey } from 'react'
import { duplicate } from '../../../bpmn/placing'
import { isShape, type Drawn, type Part } from '../../../bpmn/parts'
import type { Designer } from './useModeler'

const FAR = 50
const NEAR = 10
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Everywhere on the page: undo, redo and save; a text that is being typed keeps its own undo. */
export function usePageKeys(designer: Designer, save: () => void): void {
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const typing = event.target instanceof HTMLElement && !!event.target.closest('input, textarea, [contenteditable=true]')
      const act = key === 's' ? save : typing ? undefined : key === 'y' || (key === 'z' && event.shiftKey) ? designer.redo : key === 'z' ? designer.undo : undefined
      if (act === undefined) return
      event.preventDefault()
      act?.()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  }, [designer, save])
}

/** On the canvas: Tab goes from step to step and out at the last, arrows move, Delete takes away. */
export function canvasKeys(part: Part, picked: Drawn | undefined, into: () => void) {
  const shapes = () => part('elementRegistry').filter((one) => isShape(one)).sort((a, b) => a.x - b.x || a.y - b.y)
  return (event: ReactKey) => {
    const arrow = ARROWS[event.key]
    if (event.key === 'Tab') {
      const all = shapes()
      const at = picked ? all.findIndex((one) => one.id === picked.id) : -1
      const next = all[event.shiftKey ? at - 1 : at + 1]
      if (!next || (event.shiftKey && at < 0)) return part('selection').select(null)
      part('selection').select(next)
      part('canvas').scrollToElement(next, 80)
    } else if (event.key === 'Escape') part('selection').select(null)
    else if (!picked) return
    else if (event.key === 'Enter') into()
    else if (event.key === 'Delete' || event.key === 'Backspace') part('modeling').removeElements([picked])
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') duplicate(part, picked)
    else if (arrow && isShape(picked)) part('modeling').moveElements([picked], { x: arrow[0] * (event.shiftKey ? FAR : NEAR), y: arrow[1] * (event.shiftKey ? FAR : NEAR) })
    else return
    event.preventDefault()
  }
}
