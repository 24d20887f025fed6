// What can be said of answers before asking the server, which stays the judge.
import type { FieldDoc, FormDoc } from '../api/types'
import { known, t, words } from '../i18n/t'
import { outside, tooRough } from './fence'
import { isIdNumber } from './idNumber'
import type { FieldState, Settled } from './logic'
import { isEmpty } from './model'

export type Errors = Record<string, string> // by path: "amount", "lines/0/price"

export function check(form: FormDoc, settled: Settled): Errors {
  const errors: Errors = {}
  for (const field of form.fields) {
    const state = settled.states[field.key]
    if (!state?.shown || state.readOnly || field.kind === 'note') continue
    const said = complain(field, state, settled.values[field.key])
    if (said) errors[field.key] = said
    else if (settled.broken[field.key]?.length) errors[field.key] = words(settled.broken[field.key]![0]!.message)
    if (field.kind === 'table') {
      const rows = (settled.values[field.key] ?? []) as Record<string, unknown>[]
      rows.forEach((row, place) =>
        field.columns?.forEach((column) => {
          const cell = settled.rows[field.key]?.[place]?.[column.key]
          const wrong = cell?.shown && !cell.readOnly ? complain(column, cell, row[column.key]) : null
          if (wrong) errors[`${field.key}/${place}/${column.key}`] = wrong
        }),
      )
    }
  }
  return errors
}

const PICKED = new Set(['choice', 'choices', 'cascade', 'user', 'group', 'department', 'date', 'time', 'datetime', 'date_range', 'boolean', 'rating', 'asset', 'ticket'])

function complain(field: FieldDoc, state: FieldState, value: unknown): string | null {
  const label = words(field.label) || field.key
  if (isEmpty(value)) {
    if (field.kind === 'table' && field.min_rows) return t('form.tooFewRows', { min: field.min_rows })
    if (!state.required) return null
    return PICKED.has(field.kind) ? t('form.pick', { label }) : t('form.fill', { label })
  }
  if (typeof value === 'number') {
    if (typeof state.min === 'number' && value < state.min) return t('form.tooSmall', { min: state.min })
    if (typeof state.max === 'number' && field.kind !== 'rating' && value > state.max) return t('form.tooLarge', { max: state.max })
  }
  if (field.kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value))) return known('form.notEmail')
  if (field.kind === 'phone' && !/^\+?[0-9][0-9 ()-]{3,24}/.test(String(value))) return known('form.notPhone')
  if (field.kind === 'url' && !/^https?:\/\/\S+$/i.test(String(value))) return known('form.notUrl')
  if (field.kind === 'id_number' && !isIdNumber(String(value))) return t('form.notIdNumber')
  if (field.kind === 'location') {
    const place = value as { lat: number; lng: number; accuracy?: number }
    const away = outside(field, place)
    if (away) return t('form.outside', { away: away.away, allowed: away.allowed })
    if (tooRough(field, place)) return t('form.tooRough', { max: String(field.max_accuracy) })
  }
  if (typeof value === 'string') {
    const length = [...value.trim()].length
    if (field.min_length && length < field.min_length) return t('form.tooShort', { min: field.min_length })
    if (field.max_length && length > field.max_length) return t('form.tooLong', { max: field.max_length })
  }
  if (field.kind === 'date_range') {
    const { from, to } = value as { from?: string; to?: string }
    if (!from || !to) return t('form.bothDays')
    if (from > to) return t('form.rangeTurned')
  }
  if (field.kind === 'choices' && Array.isArray(value) && field.min_items && value.length < field.min_items) return t('form.tooFewItems', { min: field.min_items })
  if (field.kind === 'table' && Array.isArray(value) && field.min_rows && value.length < field.min_rows) return t('form.tooFewRows', { min: field.min_rows })
  return null
}
