// A condition as pickers hold it: tests of fields, joined by and, or and not.

export interface PickField {
  name: string // as expressions say it: `amount`, `ticket.priority`
  label: string
  kind: string
  options?: { value: string; label: string }[]
}

export type Scalar =
  | { as: 'text'; value: string }
  | { as: 'number'; value: number }
  | { as: 'flag'; value: boolean }
  | { as: 'date' | 'time' | 'datetime'; value: string }
  | { as: 'field'; name: string }
  | { as: 'now' }
  | { as: 'today' }

export type Value = Scalar | { as: 'list'; items: Scalar[] } | { as: 'range'; from: Scalar; to: Scalar }

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Operator = Comparison | 'in' | 'not-in' | 'between' | 'contains' | 'not-contains' | 'starts' | 'ends' | 'has' | 'has-not' | 'empty' | 'filled' | `rows${Comparison}`

export interface Test {
  is: 'test'
  field: string
  operator: Operator
  value: Value | null // null: nothing is picked yet, or the operator needs nothing
}

export interface Group {
  is: 'group'
  join: 'and' | 'or'
  not: boolean
  items: Condition[]
}

export type Condition = Test | Group

type Family = 'text' | 'number' | 'day' | 'choice' | 'several' | 'flag' | 'name' | 'rows' | 'thing'

const FAMILIES: Record<string, Family> = {
  number: 'number', money: 'number', rating: 'number',
  date: 'day', time: 'day', datetime: 'day',
  choice: 'choice', boolean: 'flag',
  choices: 'several', cascade: 'several',
  user: 'name', group: 'name', department: 'name', asset: 'name', ticket: 'name',
  table: 'rows',
  attachment: 'thing', photo: 'thing', signature: 'thing', location: 'thing', date_range: 'thing', note: 'thing',
}

const OPERATORS: Record<Family, Operator[]> = {
  text: ['=', '!=', 'contains', 'not-contains', 'starts', 'ends', 'in', 'not-in', 'empty', 'filled'],
  number: ['=', '!=', '>', '>=', '<', '<=', 'between', 'in', 'not-in', 'empty', 'filled'],
  day: ['=', '!=', '<', '<=', '>', '>=', 'between', 'empty', 'filled'],
  choice: ['=', '!=', 'in', 'not-in', 'empty', 'filled'],
  several: ['has', 'has-not', 'empty', 'filled'],
  flag: ['=', '!=', 'empty', 'filled'],
  name: ['=', '!=', 'in', 'not-in', 'empty', 'filled'],
  rows: ['rows>', 'rows>=', 'rows=', 'rows!=', 'rows<', 'rows<=', 'empty', 'filled'],
  thing: ['filled', 'empty'],
}

export const familyOf = (kind: string): Family => FAMILIES[kind] ?? 'text'

/** What can be asked of a field, the most usual first. */
export const operatorsFor = (field: PickField): Operator[] => (field.kind === 'computed' ? [...OPERATORS.number, 'contains'] : OPERATORS[familyOf(field.kind)])

export const needsValue = (operator: Operator): boolean => operator !== 'empty' && operator !== 'filled'
export const takesList = (operator: Operator): boolean => operator === 'in' || operator === 'not-in'

const COMPARED: Record<Family, Scalar['as'][]> = {
  text: ['text', 'field'], number: ['number', 'field'], day: ['date', 'time', 'datetime', 'now', 'today', 'field'],
  choice: ['text', 'field'], several: ['text', 'field'], flag: ['flag', 'field'], name: ['text', 'field'], rows: ['number'], thing: [],
}

/** Whether the pickers can show a value beside this field. */
export function fits(field: PickField, value: Value | null): boolean {
  if (value === null) return true
  if (value.as === 'list') return value.items.every((item) => item.as !== 'field' && fits(field, item))
  if (value.as === 'range') return fits(field, value.from) && fits(field, value.to)
  if (field.kind === 'computed') return ['number', 'text', 'field'].includes(value.as)
  if (familyOf(field.kind) === 'day' && ['date', 'time', 'datetime'].includes(value.as)) return value.as === field.kind
  return COMPARED[familyOf(field.kind)].includes(value.as)
}

const isScalarReady = (value: Scalar): boolean => (value.as === 'field' ? value.name !== '' : 'value' in value ? value.value !== '' && !Number.isNaN(value.value) : true)

/** Whether a test says all it needs to be written. */
export function isComplete(test: Test): boolean {
  if (!test.field) return false
  if (!needsValue(test.operator)) return true
  const { value } = test
  if (!value) return false
  if (value.as === 'list') return value.items.length > 0
  if (value.as === 'range') return isScalarReady(value.from) && isScalarReady(value.to)
  return isScalarReady(value)
}

export const groupOf = (items: Condition[], join: Group['join'] = 'and', not = false): Group => ({ is: 'group', join, not, items })
