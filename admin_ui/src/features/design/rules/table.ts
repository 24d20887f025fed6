// A decision table as the editor holds it, and every change of it as a new table.
import type { TableDocument } from '../../../api/rules'

export type Part = 'inputs' | 'outputs' | 'notes'

export interface Column {
  key: string
  part: Part
  expression: string // of an input; the name of an output or a note
  label: string
  type: string
  values: string
  fallback: string // what an output is when no rule hits
}

export interface Rule {
  key: string
  cells: Record<string, string> // by column
  description: string
}

export interface Table {
  name: string
  policy: string
  aggregation: string
  columns: Column[] // inputs, then outputs, then notes
  rules: Rule[]
}

/** Where columns and rules stand in the file, by their keys. */
export interface Placed {
  columns: Record<Part, string[]>
  rules: string[]
}

/** A change of several cells at once. */
export interface CellChange {
  rule: string
  column: string
  text: string
}

export const DESCRIPTION = 'description' // the last column: the remark of a whole rule
const PARTS: Part[] = ['inputs', 'outputs', 'notes']
const EMPTY: Record<Part, string> = { inputs: '-', outputs: 'null', notes: '' }

let made = 0
export const freshKey = (): string => `k${++made}`

export const columnsOf = (table: Table, part: Part): Column[] => table.columns.filter((column) => column.part === part)
export const labelOf = (column: Column): string => column.label || column.expression
export const textOf = (rule: Rule, column: Column): string => rule.cells[column.key] ?? EMPTY[column.part]

export function opened(document: Required<TableDocument>): Table {
  const column = (part: Part, expression: string, rest: Partial<Column>): Column => ({ key: freshKey(), part, expression, label: '', type: '', values: '', fallback: '', ...rest })
  const columns = [
    ...document.inputs.map((one) => column('inputs', one.expression, { label: one.label ?? '', type: one.type ?? '', values: one.values ?? '' })),
    ...document.outputs.map((one) => column('outputs', one.name ?? '', { label: one.label ?? '', type: one.type ?? '', values: one.values ?? '', fallback: one.default ?? '' })),
    ...document.notes.map((one) => column('notes', one.name ?? '', {})),
  ]
  const rules = document.rules.map((rule) => {
    const texts = [...rule.tests, ...rule.results, ...(rule.notes ?? [])]
    return { key: freshKey(), cells: Object.fromEntries(columns.map((one, at) => [one.key, texts[at] ?? ''])), description: rule.description ?? '' }
  })
  return { name: document.name, policy: document.hit_policy, aggregation: document.aggregation ?? '', columns, rules }
}

export const NOWHERE: Placed = { columns: { inputs: [], outputs: [], notes: [] }, rules: [] }

export const placedAs = (table: Table): Placed => ({
  columns: Object.fromEntries(PARTS.map((part) => [part, columnsOf(table, part).map((one) => one.key)])) as Placed['columns'],
  rules: table.rules.map((rule) => rule.key),
})

/** The table as the server takes it: each column and rule says where it stands in the file. */
export function document(table: Table, placed: Placed): TableDocument {
  const [inputs, outputs, notes] = PARTS.map((part) => columnsOf(table, part)) as [Column[], Column[], Column[]]
  const places = new Map(placed.rules.map((key, at) => [key, at]))
  const source = ({ key, part }: Column) => {
    const at = placed.columns[part].indexOf(key)
    return at < 0 ? null : at
  }
  return {
    name: table.name,
    hit_policy: table.policy as TableDocument['hit_policy'],
    aggregation: table.aggregation as TableDocument['aggregation'],
    inputs: inputs.map((one) => ({ source: source(one), expression: one.expression, label: one.label, type: one.type, values: one.values })),
    outputs: outputs.map((one) => ({ source: source(one), name: one.expression, label: one.label, type: one.type, values: one.values, default: one.fallback })),
    notes: notes.map((one) => ({ source: source(one), name: one.expression })),
    rules: table.rules.map((rule) => ({
      source: places.get(rule.key) ?? null,
      tests: inputs.map((one) => textOf(rule, one)),
      results: outputs.map((one) => textOf(rule, one)),
      notes: notes.map((one) => textOf(rule, one)),
      description: rule.description,
    })),
  }
}

export const setCells = (table: Table, changes: CellChange[]): Table => {
  const rules = new Map(table.rules.map((rule) => [rule.key, rule]))
  const byRule = grouped(changes.filter((one) => !isSaid(rules.get(one.rule), one)))
  if (!byRule.size) return table
  return {
    ...table,
    rules: table.rules.map((rule) => {
      const mine = byRule.get(rule.key)
      if (!mine) return rule
      const remark = mine.find((one) => one.column === DESCRIPTION)
      const cells = { ...rule.cells, ...Object.fromEntries(mine.filter((one) => one.column !== DESCRIPTION).map((one) => [one.column, one.text])) }
      return { ...rule, cells, description: remark ? remark.text : rule.description }
    }),
  }
}

/** Whether a cell says that already. */
function isSaid(rule: Rule | undefined, change: CellChange): boolean {
  return rule !== undefined && (change.column === DESCRIPTION ? rule.description : rule.cells[change.column]) === change.text
}

function grouped(changes: CellChange[]): Map<string, CellChange[]> {
  const found = new Map<string, CellChange[]>()
  for (const one of changes) {
    const mine = found.get(one.rule)
    if (mine) mine.push(one)
    else found.set(one.rule, [one])
  }
  return found
}

export const freshRule = (cells: Record<string, string> = {}): Rule => ({ key: freshKey(), cells, description: '' })

export const addRules = (table: Table, at: number, rules: Rule[]): Table => ({ ...table, rules: [...table.rules.slice(0, at), ...rules, ...table.rules.slice(at)] })
export const removeRule = (table: Table, at: number): Table => ({ ...table, rules: table.rules.filter((_, place) => place !== at) })
export const copyRule = (table: Table, at: number): Table => addRules(table, at + 1, [{ ...table.rules[at]!, key: freshKey() }])

export function moveRule(table: Table, from: number, to: number): Table {
  if (to < 0 || to >= table.rules.length || from === to) return table
  const rules = [...table.rules]
  rules.splice(to, 0, ...rules.splice(from, 1))
  return { ...table, rules }
}

const inOrder = (columns: Column[]): Column[] => PARTS.flatMap((part) => columns.filter((one) => one.part === part))

export const putColumn = (table: Table, column: Column): Table => ({
  ...table,
  columns: table.columns.some((one) => one.key === column.key) ? table.columns.map((one) => (one.key === column.key ? column : one)) : inOrder([...table.columns, column]),
})
export const removeColumn = (table: Table, key: string): Table => ({ ...table, columns: table.columns.filter((one) => one.key !== key) })

export function moveColumn(table: Table, key: string, by: 1 | -1): Table {
  const from = table.columns.findIndex((one) => one.key === key)
  const other = table.columns[from + by]
  if (!other || other.part !== table.columns[from]!.part) return table
  const columns = [...table.columns]
  columns[from + by] = columns[from]!
  columns[from] = other
  return { ...table, columns }
}

/** Cells from a spreadsheet laid over the table from a cell on; rows that are missing are added. */
export function pasted(table: Table, at: number, column: number, grid: string[][], meant: (column: Column, plain: string) => string): Table {
  const missing = Math.max(0, at + grid.length - table.rules.length)
  const whole = addRules(table, table.rules.length, Array.from({ length: missing }, () => freshRule()))
  const changes = grid.flatMap((cells, down) =>
    cells.flatMap((plain, right): CellChange[] => {
      const rule = whole.rules[at + down]!.key
      const target = whole.columns[column + right]
      if (target) return [{ rule, column: target.key, text: meant(target, plain) }]
      return column + right === whole.columns.length ? [{ rule, column: DESCRIPTION, text: plain }] : []
    }),
  )
  return setCells(whole, changes)
}

/** The rows of tab-separated text as spreadsheets copy it. */
export function gridOf(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]
      else quoted = false
    } else if (char === '"' && !cell && isQuotedCell(text, at)) quoted = true
    else if (char === '\t' || char === '\n') {
      rows.at(-1)!.push(cell)
      cell = ''
      if (char === '\n') rows.push([])
    } else if (char !== '\r') cell += char
  }
  rows.at(-1)!.push(cell)
  return rows.length > 1 && rows.at(-1)!.length === 1 && !rows.at(-1)![0] ? rows.slice(0, -1) : rows
}

// Spreadsheets quote a cell with a line break, a tab or a quote in it; "a","b" is a cell of ours.
function isQuotedCell(text: string, at: number): boolean {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] !== '"') continue
    if (text[end + 1] === '"') end++
    else return (end + 1 === text.length || '\t\r\n'.includes(text[end + 1]!)) && /["\t\n]/.test(text.slice(at + 1, end))
  }
  return false
}
