// What every question of the designer needs: the canvas, the package's files, and ways to change both.
import { createContext, useContext } from 'react'
import { changeText } from '../../../bpmn/commands'
import type { Drawn, Part } from '../../../bpmn/parts'
import { setProperties } from '../../../bpmn/settings'
import type { Finding } from '../../../api/types'
import type { PickField } from '../../../feel/condition'
import type { Facts, Texts } from './facts'

export interface Desk {
  typeKey: string
  path: string // of the diagram that is shown
  part: Part
  facts: Facts
  texts: Texts
  names: PickField[]
  findings: Finding[]
  elements: Drawn[]
  /** Writes another file of the draft, undone with the diagram's changes. */
  write: (path: string, text: string) => void
  pick: (id: string) => void
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('outside the designer')
  return desk
}

export const useSet = (element: Drawn) => {
  const { part } = useDesk()
  return (changes: Record<string, string | null | undefined>) => setProperties(part, element, changes)
}

/** A change of another file as a step of the same history. */
export const writer = (part: Part, texts: () => Texts, set: (texts: Texts) => void) => (path: string, after: string) =>
  changeText(part, { before: texts()[path] ?? '', after, write: (text) => set({ [path]: text }) })
