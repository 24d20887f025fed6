// A cell in plain words: what a chip says.
import { readCell, readResult, type Cell } from '../../../feel/cells'
import type { Scalar } from '../../../feel/condition'
import { t } from '../../../i18n/t'
import type { Kind } from './fields'

const SIGNS: Record<string, string> = { '<': '<', '<=': '\u2264', '>': '>', '>=': '\u2265' }

export interface Said {
  any: boolean
  not: boolean
  chips: string[]
  raw: boolean // more than pickers can show: the text itself
}

export const saying = (value: Scalar, { options }: Kind): string => {
  const text = 'value' in value ? String(value.value) : ''
  return options?.find((one) => one.value === text)?.label ?? text.replace('T', ' ')
}

export function sayCell(text: string, kind: Kind): Said {
  const cell = readCell(text, kind.kind)
  if (!cell) return { any: false, not: false, chips: [text], raw: true }
  return { any: cell.is === 'any', not: cell.is === 'several' && cell.not, chips: chipsOf(cell, kind), raw: false }
}

function chipsOf(cell: Cell, kind: Kind): string[] {
  switch (cell.is) {
    case 'any': return []
    case 'missing': return [t(cell.not ? 'rules.filled' : 'rules.missing')]
    case 'compare': return [`${SIGNS[cell.sign]} ${saying(cell.value, kind)}`]
    case 'range': return [`${cell.open[0] ? '> ' : ''}${saying(cell.from, kind)} \u2013 ${cell.open[1] ? '< ' : ''}${saying(cell.to, kind)}`]
    case 'several': return cell.items.map((item) => saying(item, kind))
  }
}

/** An output in words; null where it gives nothing. */
export function sayResult(text: string, kind: Kind): { text: string | null; raw: boolean } {
  const value = readResult(text, kind.kind)
  if (value === undefined) return { text: null, raw: false }
  return value === null ? { text, raw: true } : { text: saying(value, kind), raw: false }
}
