// FEEL text back into pickers. What they cannot say exactly is not read, so that no meaning is ever changed.
import { fits, groupOf, operatorsFor, type Comparison, type Condition, type Group, type Operator, type PickField, type Scalar, type Test, type Value } from './condition'
import { scan, type Token } from './scan'

class Unreadable extends Error {}

const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']
const TURNED: Record<string, Comparison> = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }
const FUNCTIONS: Record<string, Operator> = { contains: 'contains', 'starts with': 'starts', 'ends with': 'ends', 'list contains': 'has' }
const OPPOSITE: Partial<Record<Operator, Operator>> = { in: 'not-in', contains: 'not-contains', has: 'has-not' }
const DAYS: Record<string, 'date' | 'time' | 'datetime'> = { date: 'date', time: 'time', 'date and time': 'datetime' }
const DIGITS = 15

/** The condition that a text says, an empty group for no text; null when it is more than pickers can show. */
export function read(text: string, fields: PickField[]): Group | null {
  const bare = text.trim().replace(/^=/, '').trim()
  if (!bare) return groupOf([])
  const tokens = scan(bare, fields.map((field) => field.name))
  if (!tokens) return null
  try {
    const reader = new Reader(tokens, fields)
    const found = reader.either(false)
    reader.end()
    return found.is === 'group' ? found : groupOf([found])
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}

class Reader {
  private at = 0
  private fields: Map<string, PickField>

  constructor(
    private tokens: Token[],
    fields: PickField[],
  ) {
    this.fields = new Map(fields.map((field) => [field.name, field]))
  }

  /** `negated`: inside a not(), where null and false no longer come to the same. */
  either(negated: boolean): Condition {
    return this.joined('or', () => this.joined('and', () => this.one(negated)))
  }

  end(): void {
    if (this.at < this.tokens.length) throw new Unreadable()
  }

  private joined(join: Group['join'], next: () => Condition): Condition {
    const items = [next()]
    while (this.skip(join)) items.push(next())
    return items.length === 1 ? items[0]! : groupOf(items, join)
  }

  private one(negated: boolean): Condition {
    if (this.skip('(')) {
      const inner = this.either(negated)
      this.need(')')
      return inner
    }
    if (this.is('not')) {
      this.at++
      this.need('(')
      const inner = this.either(true)
      this.need(')')
      return opposite(inner)
    }
    return this.test(negated)
  }

  private test(negated: boolean): Test {
    const word = this.peek()
    const called = word.is === 'word' ? FUNCTIONS[word.text] : undefined
    if (called) {
      this.at++
      this.need('(')
      const field = this.field()
      this.need(',')
      const value = this.scalar()
      this.need(')')
      return this.made(field, called, value)
    }
    if (word.is === 'word' && word.text === 'count') {
      this.at++
      this.need('(')
      const field = this.field()
      this.need(')')
      return this.made(field, `rows${this.comparison()}`, this.scalar())
    }
    if (word.is !== 'name') {
      const value = this.scalar()
      const turned = TURNED[this.comparison()]!
      return this.made(this.field(), turned, value)
    }
    const field = this.field()
    if (this.skip('in')) return this.picked(field)
    if (this.is('between')) {
      if (negated) throw new Unreadable()
      this.at++
      const from = this.scalar()
      this.need('and')
      return this.made(field, 'between', { as: 'range', from, to: this.scalar() })
    }
    if (!COMPARISONS.includes(this.peek(true).text)) {
      // A name alone holds when it is true.
      if (negated || field.kind !== 'boolean') throw new Unreadable()
      return this.made(field, '=', { as: 'flag', value: true })
    }
    const operator = this.comparison()
    if (this.skip('null')) {
      if (operator !== '=' && operator !== '!=') throw new Unreadable()
      return this.made(field, operator === '=' ? 'empty' : 'filled', null)
    }
    return this.made(field, operator, this.scalar())
  }

  private picked(field: PickField): Test {
    const open = this.next().text
    if (open !== '(' && open !== '[') throw new Unreadable()
    const items = [this.scalar()]
    if (open === '[' && this.skip('..')) {
      const to = this.scalar()
      this.need(']')
      return this.made(field, 'between', { as: 'range', from: items[0]!, to })
    }
    while (this.skip(',')) items.push(this.scalar())
    this.need(open === '(' ? ')' : ']')
    return this.made(field, 'in', { as: 'list', items })
  }

  private made(field: PickField, operator: Operator, value: Value | null): Test {
    if (!operatorsFor(field).includes(operator) || !fits(field, value)) throw new Unreadable()
    return { is: 'test', field: field.name, operator, value }
  }

  private scalar(): Scalar {
    const token = this.next()
    if (token.is === 'text') return { as: 'text', value: textOf(token.text) }
    if (token.is === 'number') return number(token.text, 1)
    if (token.is === 'name') return { as: 'field', name: token.text }
    if (token.text === '-') return number(this.next().text, -1)
    if (token.text === 'true' || token.text === 'false') return { as: 'flag', value: token.text === 'true' }
    if (token.text === 'now' || token.text === 'today') {
      this.need('(')
      this.need(')')
      return { as: token.text }
    }
    if (token.text === '@') return moment(textOf(this.text()))
    const day = DAYS[token.text]
    if (!day) throw new Unreadable()
    this.need('(')
    const value = textOf(this.text())
    this.need(')')
    if (moment(value).as !== day) throw new Unreadable()
    return { as: day, value }
  }

  private comparison(): Comparison {
    const { text } = this.next()
    if (!COMPARISONS.includes(text)) throw new Unreadable()
    return text as Comparison
  }

  private field(): PickField {
    const token = this.next()
    const field = token.is === 'name' ? this.fields.get(token.text) : undefined
    if (!field) throw new Unreadable()
    return field
  }

  private text(): string {
    const token = this.next()
    if (token.is !== 'text') throw new Unreadable()
    return token.text
  }

  private peek(maybe = false): Token {
    const token = this.tokens[this.at]
    if (!token && !maybe) throw new Unreadable()
    return token ?? { is: 'sign', text: '' }
  }

  private next(): Token {
    const token = this.peek()
    this.at++
    return token
  }

  private is(text: string): boolean {
    const token = this.tokens[this.at]
    return token?.text === text && (token.is === 'word' || token.is === 'sign')
  }

  private skip(text: string): boolean {
    const found = this.is(text)
    if (found) this.at++
    return found
  }

  private need(text: string): void {
    if (!this.skip(text)) throw new Unreadable()
  }
}

function opposite(inner: Condition): Condition {
  const turned = inner.is === 'test' ? OPPOSITE[inner.operator] : undefined
  if (inner.is === 'test' && turned) return { ...inner, operator: turned }
  return inner.is === 'group' && !inner.not ? { ...inner, not: true } : groupOf([inner], 'and', true)
}

function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw new Unreadable()
  }
}

function number(text: string, sign: 1 | -1): Scalar {
  if (!/^[\d.]+$/.test(text) || text.replace(/\D/g, '').length > DIGITS) throw new Unreadable()
  return { as: 'number', value: sign * Number(text) }
}

function moment(value: string): Scalar {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return { as: 'date', value }
  if (/^\d\d:\d\d(:\d\d)?$/.test(value)) return { as: 'time', value }
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/.test(value)) return { as: 'datetime', value }
  throw new Unreadable()
}
