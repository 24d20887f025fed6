// Cells of a decision table as pickers hold them, from FEEL and back; null where a cell says more than they can show.
import type { Scalar } from './condition'
import { scan, type Token } from './scan'
import { scalar } from './write'

export type CellKind = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'time'
export type Sign = '<' | '<=' | '>' | '>='

export type Cell =
  | { is: 'any' }
  | { is: 'several'; not: boolean; items: Scalar[] }
  | { is: 'compare'; sign: Sign; value: Scalar }
  | { is: 'range'; from: Scalar; to: Scalar; open: [boolean, boolean] }
  | { is: 'missing'; not: boolean } // null, not(null)

const SIGNS: readonly string[] = ['<', '<=', '>', '>=']
const SCALARS: Record<CellKind, Scalar['as']> = { text: 'text', number: 'number', boolean: 'flag', date: 'date', datetime: 'datetime', time: 'time' }
const DAYS: Record<string, 'date' | 'time' | 'datetime'> = { date: 'date', time: 'time', 'date and time': 'datetime' }
const DIGITS = 15

class Unreadable extends Error {}

/** The cell of an input column that a text says, null when pickers cannot show it. */
export function readCell(text: string, kind: CellKind): Cell | null {
  const bare = text.trim()
  if (!bare || bare === '-') return { is: 'any' }
  return reading(bare, (reader) => reader.cell(kind))
}

/** The value of an output column, null when it is more than a plain value; no value is `undefined`. */
export function readResult(text: string, kind: CellKind): Scalar | null | undefined {
  const bare = text.trim()
  if (!bare || bare === 'null') return undefined
  return reading(bare, (reader) => fitting(reader.scalar(), kind))
}

/** The values that a list of allowed values names; null when it is no list of constants. */
export function readValues(text: string): Scalar[] | null {
  if (!text.trim()) return null
  return reading(text.trim(), (reader) => reader.list())
}

export function writeCell(cell: Cell): string {
  switch (cell.is) {
    case 'any': return '-'
    case 'missing': return cell.not ? 'not(null)' : 'null'
    case 'compare': return `${cell.sign} ${scalar(cell.value)}`
    case 'range': return `${cell.open[0] ? '(' : '['}${scalar(cell.from)}..${scalar(cell.to)}${cell.open[1] ? ')' : ']'}`
    case 'several': {
      if (!cell.items.length) return '-'
      const items = cell.items.map(scalar).join(',')
      return cell.not ? `not(${items})` : items
    }
  }
}

export const writeResult = (value: Scalar | undefined): string => (value === undefined ? 'null' : scalar(value))

/** The value that a person's text means in a column of this kind; null when it means none. */
export function scalarOf(text: string, kind: CellKind): Scalar | null {
  const bare = text.trim()
  if (!bare) return null
  if (kind === 'text') return { as: 'text', value: bare }
  if (kind === 'number') {
    const digits = bare.replace(/[,\s]/g, '')
    return /^-?(\d+(\.\d+)?|\.\d+)$/.test(digits) && digits.replace(/\D/g, '').length <= DIGITS ? { as: 'number', value: Number(digits) } : null
  }
  if (kind === 'boolean') return bare === 'true' || bare === 'false' ? { as: 'flag', value: bare === 'true' } : null
  const value = kind === 'date' ? bare.replaceAll('/', '-').replace(/-(\d)(?=-|$)/g, '-0$1') : bare.replace(' ', 'T')
  try {
    return fitting(moment(value), kind)
  } catch {
    return null
  }
}

const BETWEEN = /^(.+?)\s*(?:\.\.|~|\uff5e|\u2013|\u2014|(?<=\d)-)\s*(.+)$/u
const WRITTEN_SIGNS: [RegExp, Sign][] = [[/^(?:>=|\u2265|\u2267)\s*/u, '>='], [/^(?:<=|\u2264|\u2266)\s*/u, '<='], [/^[>\uff1e]\s*/u, '>'], [/^[<\uff1c]\s*/u, '<']]
const NOT = /^(?:!=|\u4e0d\u662f\s*|\u2260\s*|not\s+)/u
const APART = /[,;\uff0c\uff1b\u3001\n]/u

/** What somebody typed or pasted, as FEEL: FEEL stays as it is, plain words become values (by their label where there is one). */
export function fromPlain(plain: string, kind: CellKind, valueOf: (label: string) => string = (label) => label): string {
  const text = plain.trim()
  if (!text || readCell(text, kind)) return text || '-'
  if (kind !== 'text' && kind !== 'boolean') {
    for (const [pattern, sign] of WRITTEN_SIGNS) {
      const value = pattern.test(text) ? scalarOf(text.replace(pattern, ''), kind) : null
      if (value) return writeCell({ is: 'compare', sign, value })
    }
    const ends = kind === 'number' ? BETWEEN.exec(text) : null
    const [from, to] = ends ? [scalarOf(ends[1]!, kind), scalarOf(ends[2]!, kind)] : [null, null]
    if (from && to) return writeCell({ is: 'range', from, to, open: [false, false] })
  }
  const not = NOT.test(text)
  const words = text.replace(NOT, '').split(APART).map((word) => valueOf(word.trim())).filter(Boolean)
  const items = words.map((word) => scalarOf(word, kind))
  return items.length && items.every((item) => item !== null) ? writeCell({ is: 'several', not, items }) : text
}

/** The same for an output column. */
export function resultFromPlain(plain: string, kind: CellKind, valueOf: (label: string) => string = (label) => label): string {
  const text = plain.trim()
  if (!text) return 'null'
  if (readResult(text, kind) !== null) return text
  const value = scalarOf(valueOf(text), kind)
  return value ? scalar(value) : text
}

function reading<T>(text: string, read: (reader: Reader) => T): T | null {
  const tokens = scan(text, [])
  if (!tokens?.length) return null
  try {
    const reader = new Reader(tokens)
    const found = read(reader)
    reader.end()
    return found
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}

function fitting(value: Scalar, kind: CellKind): Scalar {
  if (value.as !== SCALARS[kind]) throw new Unreadable()
  return value
}

class Reader {
  private at = 0

  constructor(private tokens: Token[]) {}

  cell(kind: CellKind): Cell {
    if (this.is('not')) {
      this.at++
      this.need('(')
      const inner = this.some(kind)
      this.need(')')
      return { ...inner, not: true }
    }
    const sign = this.peek().text
    if (SIGNS.includes(sign)) {
      this.at++
      return { is: 'compare', sign: sign as Sign, value: fitting(this.scalar(), kind) }
    }
    if (sign === '[' || sign === '(' || sign === ']') {
      this.at++
      const from = fitting(this.scalar(), kind)
      this.need('..')
      const to = fitting(this.scalar(), kind)
      const last = this.next().text
      if (last !== ']' && last !== ')' && last !== '[') throw new Unreadable()
      return { is: 'range', from, to, open: [sign !== '[', last !== ']'] }
    }
    return this.some(kind)
  }

  list(): Scalar[] {
    const items = [this.scalar()]
    while (this.is(',')) {
      this.at++
      items.push(this.scalar())
    }
    return items
  }

  scalar(): Scalar {
    const token = this.next()
    if (token.is === 'text') return { as: 'text', value: unquoted(token.text) }
    if (token.is === 'number') return number(token.text, 1)
    if (token.text === '-') {
      const digits = this.next()
      if (digits.is !== 'number') throw new Unreadable()
      return number(digits.text, -1)
    }
    if (token.text === 'true' || token.text === 'false') return { as: 'flag', value: token.text === 'true' }
    if (token.text === '@') return moment(this.quoted())
    const day = DAYS[token.text]
    if (!day) throw new Unreadable()
    this.need('(')
    const value = moment(this.quoted())
    this.need(')')
    if (value.as !== day) throw new Unreadable()
    return value
  }

  end(): void {
    if (this.at < this.tokens.length) throw new Unreadable()
  }

  private some(kind: CellKind): Extract<Cell, { not: boolean }> {
    if (this.is('null')) {
      this.at++
      return { is: 'missing', not: false }
    }
    return { is: 'several', not: false, items: this.list().map((item) => fitting(item, kind)) }
  }

  private quoted(): string {
    const token = this.next()
    if (token.is !== 'text') throw new Unreadable()
    return unquoted(token.text)
  }

  private peek(): Token {
    const token = this.tokens[this.at]
    if (!token) throw new Unreadable()
    return token
  }

  private next(): Token {
    const token = this.peek()
    this.at++
    return token
  }

  private is(text: string): boolean {
    const token = this.tokens[this.at]
    return token !== undefined && token.is !== 'text' && token.text === text
  }

  private need(text: string): void {
    if (!this.is(text)) throw new Unreadable()
    this.at++
  }
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw new Unreadable()
  }
}

function number(text: string, sign: 1 | -1): Scalar {
  if (text.replace(/\D/g, '').length > DIGITS) throw new Unreadable()
  return { as: 'number', value: sign * Number(text) }
}

function moment(value: string): Scalar {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return { as: 'date', value }
  if (/^\d\d:\d\d(:\d\d)?$/.test(value)) return { as: 'time', value }
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/.test(value)) return { as: 'datetime', value }
  throw new Unreadable()
}
