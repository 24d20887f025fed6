// FEEL in the browser; loaded only where a form has rules.
import { evaluate as run, parseDate, parseDateTime, parseTime } from 'feelin'
import type { FieldDoc, Values } from '../api/types'
import { isEmpty } from './model'

/** The value of an expression; null when it has none. */
export function evaluate(text: string, scope: Values): unknown {
  try {
    return plain(run(text, scope).value)
  } catch {
    return null
  }
}

/** An answer as a value of the expression language. */
export function typed(field: FieldDoc, value: unknown): unknown {
  if (isEmpty(value)) return null // as on the server: an answer that says nothing is none
  try {
    if (field.kind === 'date') return parseDate(String(value))
    if (field.kind === 'time') return parseTime(String(value))
    if (field.kind === 'datetime') return parseDateTime(String(value))
    if (field.kind === 'date_range') {
      const range = value as { from?: string; to?: string }
      return { from: range.from ? parseDate(range.from) : null, to: range.to ? parseDate(range.to) : null }
    }
  } catch {
    return null
  }
  return value
}

/** Results come back as JSON; days and times as their texts. */
function plain(value: unknown): unknown {
  if (value === undefined || typeof value === 'function') return null
  if (value !== null && typeof value === 'object') {
    try {
      return JSON.parse(JSON.stringify(value)) as unknown
    } catch {
      return null
    }
  }
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}
