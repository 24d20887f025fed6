// A JSON text changed only where its value changes: everything else stays as it was written, to the byte.

interface Node {
  start: number
  end: number
  value: unknown
  members?: { key: string; start: number; node: Node }[]
  items?: Node[]
}

const WIDTH = 100
const STEP = '  '

/** The text with the value put in place of its own. */
export function patched(text: string, value: unknown): string {
  const root = parsed(text)
  return text.slice(0, root.start) + rendered(text, root, value, '') + text.slice(root.end)
}

/** A value as text: what fits on a line stands on one. */
export function formatted(value: unknown, indent = '', taken = 0): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const line = inline(value)
  if (indent.length + taken + line.length <= WIDTH) return line
  const deeper = indent + STEP
  if (Array.isArray(value)) return block('[', value.map((item) => formatted(item, deeper)), ']', indent)
  return block('{', entries(value).map(([key, item]) => named(key, formatted(item, deeper, key.length + 4))), '}', indent)
}

const entries = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined)
const named = (key: string, text: string) => `${JSON.stringify(key)}: ${text}`
const block = (open: string, parts: string[], close: string, indent: string) => (parts.length ? `${open}\n${parts.map((part) => indent + STEP + part).join(',\n')}\n${indent}${close}` : open + close)

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (value !== null && typeof value === 'object') return `{${entries(value).map(([key, item]) => named(key, inline(item))).join(', ')}}`
  return JSON.stringify(value)
}

function rendered(text: string, node: Node, value: unknown, indent: string): string {
  const old = text.slice(node.start, node.end)
  if (same(node.value, value)) return moved(old, indentAt(text, node.start), indent)
  const lines = old.includes('\n')
  if (!lines || value === null || typeof value !== 'object') return formatted(value, indent)
  const deeper = indent + STEP
  if (Array.isArray(value) && node.items) {
    const left = [...node.items]
    return block('[', value.map((item) => part(text, taken(left, item), item, deeper)), ']', indent)
  }
  if (!Array.isArray(value) && node.members) {
    const known = new Map(node.members.map((member) => [member.key, member]))
    return block('{', entries(value).map(([key, item]) => member(text, known.get(key), key, item, deeper)), '}', indent)
  }
  return formatted(value, indent)
}

function member(text: string, old: { start: number; node: Node } | undefined, key: string, value: unknown, indent: string): string {
  if (old && same(old.node.value, value)) return moved(text.slice(old.start, old.node.end), indentAt(text, old.start), indent)
  return named(key, part(text, old?.node, value, indent, key.length + 4))
}

const part = (text: string, node: Node | undefined, value: unknown, indent: string, taken = 0) => (node ? rendered(text, node, value, indent) : formatted(value, indent, taken))

/** The old item that a new one was: the same, or of the same key. */
function taken(left: Node[], item: unknown): Node | undefined {
  const identity = (value: unknown) => (value && typeof value === 'object' ? ((value as { key?: unknown }).key ?? (value as { value?: unknown }).value) : undefined)
  let at = left.findIndex((node) => same(node.value, item))
  if (at < 0 && identity(item) !== undefined) at = left.findIndex((node) => identity(node.value) === identity(item))
  return at < 0 ? undefined : left.splice(at, 1)[0]
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
const indentAt = (text: string, at: number) => /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))![0]

function moved(old: string, from: string, to: string): string {
  return from === to || !old.includes('\n') ? old : old.split('\n').map((line, place) => (place && line.startsWith(from) ? to + line.slice(from.length) : line)).join('\n')
}

function parsed(text: string): Node {
  JSON.parse(text.replace(/^\ufeff/, '')) // its errors are the right ones; from here on the text is known to be good
  let at = text.startsWith('\ufeff') ? 1 : 0
  const blank = () => {
    while (' \t\r\n'.includes(text[at]!)) at++
  }
  const string = (): string => {
    const start = at++
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    return JSON.parse(text.slice(start, ++at)) as string
  }
  const list = (close: string, one: () => void) => {
    at++
    for (blank(); text[at] !== close; blank()) {
      one()
      blank()
      if (text[at] === ',') at++
    }
    at++
  }
  const node = (): Node => {
    blank()
    const start = at
    if (text[at] === '{') {
      const members: Node['members'] = []
      list('}', () => {
        const start = at
        const key = string()
        blank()
        at++
        members.push({ key, start, node: node() })
      })
      return { start, end: at, value: Object.fromEntries(members.map((one) => [one.key, one.node.value])), members }
    }
    if (text[at] === '[') {
      const items: Node[] = []
      list(']', () => items.push(node()))
      return { start, end: at, value: items.map((item) => item.value), items }
    }
    if (text[at] === '"') return { start, value: string(), end: at }
    while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at++
    return { start, end: at, value: JSON.parse(text.slice(start, at)) as unknown }
  }
  return node()
}
