// package.toml of a draft: read as values, and written line by line so that everything else stays as it is.
import { parse } from 'smol-toml'
import type { Words } from '../../../i18n/t'

export const CATEGORIES = ['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'] as const
export type StatusCategory = (typeof CATEGORIES)[number]

export interface StatusDoc {
  key: string
  category: StatusCategory
  label: Words
}

export interface Manifest {
  name: Words
  number: string
  intake: string | null
  department: string | null
  icon: string | null
  process: string
  statuses: StatusDoc[]
  groups: { key: string; label: Words }[]
}

const USUAL: StatusDoc[] = [
  { key: 'open', category: 'open', label: {} },
  { key: 'closed', category: 'closed', label: {} },
]

type Table = Record<string, unknown>

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | null => (typeof value === 'string' && value ? value : null)
const tables = (value: unknown): [string, Table][] => (isTable(value) ? Object.entries(value).filter((pair): pair is [string, Table] => isTable(pair[1])) : [])
const wordsOf = (value: unknown): Words => (typeof value === 'string' ? value : isTable(value) ? Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => pair[0] !== 'category' && typeof pair[1] === 'string')) : {})

/** What a manifest says; null for a text that is no TOML, which the checks then say. */
export function readManifest(text: string): Manifest | null {
  let document: Table
  try {
    document = parse(text) as Table
  } catch {
    return null
  }
  const statuses = tables(document.statuses).map(([key, table]): StatusDoc => ({ key, category: CATEGORIES.find((one) => one === table.category) ?? 'open', label: wordsOf(table) }))
  return {
    name: wordsOf(document.name),
    number: textOf(document.number) ?? '',
    intake: textOf(document.intake),
    department: textOf(document.department),
    icon: textOf(document.icon),
    process: textOf(document.process) ?? 'process.bpmn',
    statuses: statuses.length ? statuses : USUAL,
    groups: tables(document.groups).map(([key, table]) => ({ key, label: wordsOf(table) })),
  }
}

export const quoted = (text: string): string => JSON.stringify(text).replace(/\u007f/g, '\\u007F')

export function inline(words: Words): string {
  if (typeof words === 'string') return quoted(words)
  return `{ ${Object.entries(words)
    .filter(([, text]) => text)
    .map(([language, text]) => `${language} = ${quoted(text)}`)
    .join(', ')} }`
}

/** The text with a value at its top set (as TOML writes it), or taken out (null). */
export function withValue(text: string, key: string, value: string | null): string {
  const lines = text.split('\n')
  if (lines.some((line) => line.trim() === `[${key}]`)) return text // written as a table: its lines are not ours to guess
  const first = lines.findIndex((line) => /^\s*\[/.test(line))
  const end = first < 0 ? lines.length : first
  const at = lines.slice(0, end).findIndex((line) => new RegExp(`^\\s*${key}\\s*=`).test(line))
  if (at >= 0) lines.splice(at, 1, ...(value === null ? [] : [`${key} = ${value}`]))
  else if (value !== null) {
    let last = end
    while (last > 0 && !lines[last - 1]!.trim()) last--
    lines.splice(last, 0, `${key} = ${value}`)
  }
  return lines.join('\n')
}

/** The text with another status, behind those that are there. */
export function withStatus(text: string, status: StatusDoc): string {
  const entry = (one: StatusDoc) => `${one.key} = { category = "${one.category}"${inline(one.label).replace(/^\{ (.*) \}$/, ', $1').replace(/^\{ {2}\}$/, '')} }`
  return withEntry(text, 'statuses', entry(status), USUAL.map(entry))
}

export function withGroup(text: string, key: string, label: Words): string {
  return withEntry(text, 'groups', `${key} = ${inline(label)}`, [])
}

/** A line behind the last one of a table, which is made where there is none yet. */
function withEntry(text: string, table: string, line: string, begin: string[]): string {
  const lines = text.split('\n')
  const head = lines.findIndex((one) => one.trim() === `[${table}]`)
  if (head < 0) return `${text.trimEnd()}\n\n[${table}]\n${[...begin, line].join('\n')}\n`
  let end = head + 1
  while (end < lines.length && !/^\s*\[/.test(lines[end]!)) end++
  while (end > head + 1 && !lines[end - 1]!.trim()) end--
  lines.splice(end, 0, line)
  return lines.join('\n')
}

/** A key that a person did not have to think of: the letters of a text, or the beginning with a number. */
export function keyFrom(text: string, beginning: string, taken: string[]): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40)
  const wanted = letters || beginning
  let key = letters ? wanted : `${wanted}_1`
  for (let number = 2; taken.includes(key); number++) key = `${wanted}_${number}`
  return key
}
