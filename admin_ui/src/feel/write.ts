// A picked condition as FEEL text.
import { isComplete, type Condition, type Scalar, type Test } from './condition'

/** The text of a condition; empty when nothing in it is complete yet. */
export function write(condition: Condition): string {
  if (condition.is === 'test') return isComplete(condition) ? test(condition) : ''
  const parts = condition.items.map((item) => ({ item, text: write(item) })).filter(({ text }) => text)
  if (!parts.length) return ''
  const inner = parts.map(({ item, text }) => (parts.length > 1 && isJoined(item) ? `(${text})` : text)).join(` ${condition.join} `)
  return condition.not ? `not(${inner})` : inner
}

/** Whether a condition's text has an `and` or `or` at its top. */
const isJoined = (item: Condition): boolean => item.is === 'group' && !item.not && (item.items.filter((inner) => write(inner)).length > 1 || item.items.some(isJoined))

function test({ field, operator, value }: Test): string {
  if (operator === 'empty') return `${field} = null`
  if (operator === 'filled') return `${field} != null`
  if (!value) return ''
  if (value.as === 'range') return `${field} in [${scalar(value.from)}..${scalar(value.to)}]`
  if (value.as === 'list') {
    const picked = `${field} in (${value.items.map(scalar).join(', ')})`
    return operator === 'not-in' ? `not(${picked})` : picked
  }
  const right = scalar(value)
  switch (operator) {
    case 'contains': return `contains(${field}, ${right})`
    case 'not-contains': return `not(contains(${field}, ${right}))`
    case 'starts': return `starts with(${field}, ${right})`
    case 'ends': return `ends with(${field}, ${right})`
    case 'has': return `list contains(${field}, ${right})`
    case 'has-not': return `not(list contains(${field}, ${right}))`
    default: return operator.startsWith('rows') ? `count(${field}) ${operator.slice(4)} ${right}` : `${field} ${operator} ${right}`
  }
}

export function scalar(value: Scalar): string {
  switch (value.as) {
    case 'text': return JSON.stringify(value.value)
    case 'number': case 'flag': return String(value.value)
    case 'date': return `date("${value.value}")`
    case 'time': return `time("${value.value}")`
    case 'datetime': return `date and time("${value.value}")`
    case 'field': return value.name
    case 'now': return 'now()'
    case 'today': return 'today()'
  }
}
