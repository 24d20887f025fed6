// What a form's rules say for the answers so far: shown, required, read only, computed, options, limits.
import type { FieldDoc, FormDoc, Option, Values } from '../api/types'
import { isRule } from './model'

export interface Feel {
  evaluate(text: string, scope: Values): unknown
  typed(field: FieldDoc, value: unknown): unknown
}

export interface FieldState {
  shown: boolean
  required: boolean
  readOnly: boolean
  options: Option[]
  min?: number | string
  max?: number | string
}

export type States = Record<string, FieldState>

export interface Settled {
  values: Values // computed and default answers filled in, hidden ones left out
  states: States
  rows: Record<string, States[]> // for each table, the state of each row's cells
  broken: Record<string, FieldDoc['rules']> // further conditions that do not hold
}

const UNSET: Values = {}

/** Repeats all rules until nothing changes, which for rules without a cycle is their only result. */
export function settle(form: FormDoc, given: Values, feel: Feel | null, outer: Values = UNSET): Settled {
  let current: Settled = { values: given, states: {}, rows: {}, broken: {} }
  let before = ''
  for (let round = 0; round < form.fields.length + 2; round++) {
    current = once(form, given, current, feel, outer)
    const now = JSON.stringify([current.values, current.states])
    if (now === before) break
    before = now
  }
  return current
}

function once(form: FormDoc, given: Values, last: Settled, feel: Feel | null, outer: Values): Settled {
  const scope: Values = { ...outer }
  for (const field of form.fields) scope[field.key] = feel && last.states[field.key]?.shown !== false ? typedField(feel, field, last.values[field.key]) : null
  const next: Settled = { values: {}, states: {}, rows: {}, broken: {} }
  for (const field of form.fields) {
    const state = stateOf(field, scope, feel)
    next.states[field.key] = state
    if (!state.shown || field.kind === 'note') continue
    let value = valueOf(field, given[field.key], scope, feel)
    if (field.kind === 'table' && Array.isArray(value)) {
      const settled = value.map((row) => settleRow(field, (row ?? {}) as Values, scope, feel))
      value = settled.map((row) => row.values)
      next.rows[field.key] = settled.map((row) => row.states)
    }
    if (value !== undefined) next.values[field.key] = value
    const broken = feel && field.rules?.filter((rule) => isRule(rule.check) && value !== undefined && value !== null && feel.evaluate(rule.check.slice(1), { ...scope, [field.key]: typedField(feel, field, value) }) !== true)
    if (broken?.length) next.broken[field.key] = broken
  }
  return next
}

function settleRow(table: FieldDoc, row: Values, outer: Values, feel: Feel | null): { values: Values; states: States } {
  let values: Values = row
  let states: States = {}
  const columns = table.columns ?? []
  for (let round = 0; round < columns.length + 1; round++) {
    const scope: Values = { ...outer }
    for (const column of columns) scope[column.key] = feel ? feel.typed(column, values[column.key]) : null
    const settled: Values = {}
    states = {}
    for (const column of columns) {
      states[column.key] = stateOf(column, scope, feel)
      const value = states[column.key].shown ? valueOf(column, row[column.key], scope, feel) : undefined
      if (value !== undefined) settled[column.key] = value
    }
    if (JSON.stringify(settled) === JSON.stringify(values)) break
    values = settled
  }
  return { values, states }
}

function typedField(feel: Feel, field: FieldDoc, value: unknown): unknown {
  if (field.kind !== 'table' || !Array.isArray(value)) return feel.typed(field, value)
  return value.map((row: Values) => Object.fromEntries((field.columns ?? []).map((column) => [column.key, feel.typed(column, row?.[column.key])])))
}

function stateOf(field: FieldDoc, scope: Values, feel: Feel | null): FieldState {
  const holds = (rule: unknown, usual: boolean) => (isRule(rule) ? (feel ? feel.evaluate(rule.slice(1), scope) === true : usual) : rule === undefined ? usual : rule === true)
  const limit = (rule: number | string | undefined) => (isRule(rule) ? ((feel?.evaluate(rule.slice(1), scope) ?? undefined) as number | string | undefined) : rule)
  return {
    shown: holds(field.shown, true),
    required: holds(field.required, false),
    readOnly: holds(field.read_only, false) || isRule(field.computed),
    options: isRule(field.options) ? asOptions(feel?.evaluate(field.options.slice(1), scope)) : ((field.options as Option[] | undefined) ?? []),
    min: limit(field.min),
    max: limit(field.max),
  }
}

function valueOf(field: FieldDoc, given: unknown, scope: Values, feel: Feel | null): unknown {
  if (isRule(field.computed)) return feel ? (rounded(field, feel.evaluate(field.computed.slice(1), scope)) ?? undefined) : given
  if (given !== undefined || field.default === undefined) return given
  const first = isRule(field.default) ? feel?.evaluate(field.default.slice(1), scope) : field.default
  return first ?? undefined
}

/** Numbers are kept with the field's digits after the point, rounded half up. */
function rounded(field: FieldDoc, value: unknown): unknown {
  if (typeof value !== 'number') return value
  const places = field.precision ?? (field.kind === 'money' ? 2 : 6)
  return Number(Math.sign(value) * Number(Math.round(Number(Math.abs(value) + 'e' + places)) + 'e-' + places)) || 0
}

function asOptions(value: unknown): Option[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item): Option[] => {
    if (typeof item === 'string' || typeof item === 'number') return [{ value: String(item) }]
    return item && typeof item === 'object' && 'value' in item ? [item as Option] : []
  })
}
