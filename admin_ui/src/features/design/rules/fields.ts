// What a table may ask for and answer with: the fields of the draft's forms, the ticket's own, and the kinds of their columns.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readDraftFile, useDraft } from '../../../api/drafts'
import { useGroups } from '../../../api/queries'
import type { FieldDoc, FormDoc, Option } from '../../../api/types'
import { readValues, type CellKind } from '../../../feel/cells'
import type { PickField } from '../../../feel/condition'
import { known, t, words } from '../../../i18n/t'
import { labelOf, type Column } from './table'

export interface Kind {
  kind: CellKind
  options: { value: string; label: string }[] | null
}

const TYPES: Record<string, CellKind> = { number: 'number', integer: 'number', long: 'number', double: 'number', boolean: 'boolean', date: 'date', dateTime: 'datetime', 'date and time': 'datetime', time: 'time' }
const FIELD_TYPES: Record<string, string> = { number: 'number', money: 'number', rating: 'number', boolean: 'boolean', date: 'date', datetime: 'date and time', time: 'time' }
const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4']
const STRATEGIES = ['least_loaded', 'round_robin', 'best_match']
const OUTSIDE = new Set(['table', 'attachment', 'photo', 'signature', 'note', 'location', 'date_range'])

export const typeOf = (field: PickField): string => FIELD_TYPES[field.kind] ?? 'string'

/** Everything that a condition may look at, by the words of the forms. */
export function useFields(key: string): PickField[] {
  const draft = useDraft(key)
  const forms = draft.data?.files.filter((file) => file.path.startsWith('forms/') && file.path.endsWith('.json')) ?? []
  const { data } = useQuery({
    queryKey: ['drafts', key, 'fields', forms.map((file) => file.path + file.rev).join()],
    queryFn: async () => (await Promise.all(forms.map((file) => readDraftFile(key, file.path).then((read) => fieldsIn(read.text), () => [])))).flat(),
    enabled: forms.length > 0,
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
  return useMemo(() => [...new Map([...(data ?? []), ...ofTicket()].map((field) => [field.name, field])).values()], [data])
}

function ofTicket(): PickField[] {
  const plain = (name: string, kind = 'text'): PickField => ({ name: `ticket.${name}`, label: t(`rules.ticket.${name}` as 'rules.ticket.title'), kind })
  return [{ ...plain('priority', 'choice'), options: PRIORITIES.map((value) => ({ value, label: value })) }, plain('title'), plain('requester', 'user'), plain('status'), plain('created_at', 'datetime')]
}

function fieldsIn(text: string): PickField[] {
  try {
    return ((JSON.parse(text) as FormDoc).fields ?? []).filter((field) => !OUTSIDE.has(field.kind)).flatMap(asPicked)
  } catch {
    return []
  }
}

const picked = (options: Option[]) => options.map((one) => ({ value: one.value, label: words(one.label) || one.value }))

/** A cascade is a list: each of its levels is a field of its own. */
function asPicked(field: FieldDoc): PickField[] {
  const label = words(field.label) || field.key
  const options = Array.isArray(field.options) ? field.options : null
  if (field.kind === 'cascade' && options) {
    const levels: PickField[] = []
    for (let level = options, n = 1; level.length && n <= 8; level = level.flatMap((one) => one.children ?? []), n++) levels.push({ name: `${field.key}[${n}]`, label: n === 1 ? label : `${label} ${n}`, kind: 'choice', options: picked(level) })
    return levels
  }
  return [{ name: field.key, label, kind: field.kind, ...(options ? { options: picked(options) } : {}) }]
}

/** The kinds of the columns: what their cells are, and what there is to choose. */
export function useKinds(fields: PickField[], types: Record<string, string>, columns: Column[]): (column: Column) => Kind {
  const groups = useGroups().data?.items
  return useMemo(() => {
    const byName = new Map(fields.map((field) => [field.name, field]))
    const named = groups?.map((one) => ({ value: one.key, label: one.name || one.key })) ?? null
    const made = new Map(columns.map((column) => [column, kindOf(column, byName.get(column.expression), types, named)]))
    return (column) => made.get(column) ?? kindOf(column, byName.get(column.expression), types, named)
  }, [fields, types, columns, groups])
}

function kindOf(column: Column, found: PickField | undefined, types: Record<string, string>, groups: Kind['options']): Kind {
  const field = column.part === 'inputs' ? found : undefined
  const kind = TYPES[column.type] ?? (field && TYPES[typeOf(field)]) ?? 'text'
  if (kind === 'boolean') return { kind, options: [{ value: 'true', label: t('rules.true') }, { value: 'false', label: t('rules.false') }] }
  if (kind !== 'text') return { kind, options: null }
  const allowed = readValues(column.values || types[column.type] || '')
  const label = new Map([...(field?.options ?? []), ...(column.expression === 'group' ? (groups ?? []) : [])].map((one) => [one.value, one.label]))
  if (allowed?.every((value) => value.as === 'text')) return { kind, options: allowed.map((value) => ({ value: value.value, label: label.get(value.value) ?? known(`rules.strategy.${value.value}`) ?? value.value })) }
  if (field?.options) return { kind, options: field.options }
  if (column.part !== 'outputs') return { kind, options: null }
  if (column.expression === 'group') return { kind, options: groups }
  if (column.expression === 'strategy') return { kind, options: STRATEGIES.map((value) => ({ value, label: known(`rules.strategy.${value}`) ?? value })) }
  return { kind, options: column.expression === 'priority' ? PRIORITIES.map((value) => ({ value, label: value })) : null }
}

/** What a column is called: its label, or the words that its name has in routing. */
export const headOf = (column: Column): string => (column.part === 'outputs' && !column.label ? (known(`rules.output.${column.expression}`) ?? labelOf(column)) : labelOf(column))
