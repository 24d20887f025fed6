// Edits of a form document: each gives a new one and leaves alone what it does not know.
import type { FieldDoc, FormDoc, LayoutItem } from '../../../api/types'
import { layoutOf } from '../../../form/model'

/** Where an item stands: indexes from the layout's top down; in tabs the tab, then the item. */
export type Path = number[]

type Items = LayoutItem[] | string[]

export const samePath = (one: Path | null, other: Path | null): boolean => one?.join() === other?.join()
export const fieldOf = (form: FormDoc, key: string | null): FieldDoc | undefined => form.fields.find((field) => field.key === key)

/** The path of a field in the layout that is drawn. */
export function pathOf(form: FormDoc, key: string): Path | null {
  const find = (items: LayoutItem[], path: Path): Path | null => {
    for (const [at, item] of items.entries()) {
      const here = [...path, at]
      if (item === key) return here
      if (typeof item === 'string') continue
      const inner = 'row' in item ? (item.row.includes(key) ? [...here, item.row.indexOf(key)] : null) : 'group' in item ? find(item.items, here) : item.tabs.map((tab, n) => find(tab.items, [...here, n])).find(Boolean)
      if (inner) return inner
    }
    return null
  }
  return find(layoutOf(form), [])
}

/** A copy of the whole layout, every field named, and the list that a path ends in. */
function opened(form: FormDoc, path: Path): { layout: LayoutItem[]; items: Items; at: number } | null {
  const layout = structuredClone(layoutOf(form))
  let items: Items = layout
  for (let step = 0; step < path.length - 1; step++) {
    const item: LayoutItem | undefined = items[path[step]!]
    if (!item || typeof item === 'string') return null
    if ('row' in item) items = item.row
    else if ('group' in item) items = item.items
    else items = item.tabs[path[++step]!]?.items ?? []
  }
  return { layout, items, at: path.at(-1) ?? 0 }
}

const withLayout = (form: FormDoc, layout: LayoutItem[]): FormDoc => {
  const tidied = tidy(layout)
  // A layout that only repeats the order of the fields need not be written.
  const plain = !form.layout?.length && tidied.length === form.fields.length && tidied.every((item, at) => item === form.fields[at]!.key)
  return plain ? form : { ...form, layout: tidied }
}

/** Rows of one stand alone, rows of none go. */
const tidy = (items: LayoutItem[]): LayoutItem[] =>
  items.flatMap((item): LayoutItem[] => {
    if (typeof item === 'string') return [item]
    if ('row' in item) return item.row.length > 1 ? [item] : item.row
    if ('group' in item) return [{ ...item, items: tidy(item.items) }]
    return [{ ...item, tabs: item.tabs.map((tab) => ({ ...tab, items: tidy(tab.items) })) }]
  })

const inRow = (form: FormDoc, path: Path): boolean => {
  const parent = itemAt(form, path.slice(0, -1))
  return typeof parent === 'object' && 'row' in parent
}

/** The item at a path. */
export function itemAt(form: FormDoc, path: Path): LayoutItem | undefined {
  if (!path.length) return undefined
  const found = opened(form, path)
  return found?.items[found.at]
}

/** Puts an item before what stands at a path; a group or tabs cannot go into a row. */
export function insertAt(form: FormDoc, path: Path, item: LayoutItem, fields = form.fields): FormDoc {
  const target = typeof item !== 'string' && inRow(form, path) ? path.slice(0, -1) : path
  const found = opened(form, target)
  if (!found) return form
  ;(found.items as LayoutItem[]).splice(found.at, 0, item)
  return withLayout({ ...form, fields }, found.layout)
}

export const addField = (form: FormDoc, field: FieldDoc, path: Path): FormDoc => insertAt(form, path, field.key, [...form.fields, field])

/** Takes the item at one path to another (counted before anything moved). */
export function moveTo(form: FormDoc, from: Path, to: Path): FormDoc {
  const item = itemAt(form, from)
  if (item === undefined || samePath(from, to) || (to.length > from.length && samePath(from, to.slice(0, from.length)))) return form
  const marked = insertAt(form, to, '\0')
  const layout = replacedIn(marked.layout ?? [], item, '\0')
  return withLayout(form, layout)
}

/** The layout with `item` gone from where it was and standing at the mark. */
function replacedIn(layout: LayoutItem[], item: LayoutItem, mark: string): LayoutItem[] {
  const text = JSON.stringify(item)
  const walk = (items: LayoutItem[]): LayoutItem[] =>
    items.flatMap((one): LayoutItem[] => {
      if (one === mark) return [item]
      if (JSON.stringify(one) === text) return []
      if (typeof one === 'string') return [one]
      if ('row' in one) return [{ ...one, row: walk(one.row) as string[] }]
      if ('group' in one) return [{ ...one, items: walk(one.items) }]
      return [{ ...one, tabs: one.tabs.map((tab) => ({ ...tab, items: walk(tab.items) })) }]
    })
  return walk(layout)
}

/** One place up or down among its neighbours, out of a group at its ends. */
export function shift(form: FormDoc, path: Path, by: 1 | -1): FormDoc {
  const found = opened(form, path)
  if (!found) return form
  const next = found.at + by
  if (next >= 0 && next < found.items.length) return moveTo(form, path, [...path.slice(0, -1), by === 1 ? next + 1 : next])
  const parent = parentOf(form, path)
  if (!parent) return form
  return moveTo(form, path, by === 1 ? [...parent.slice(0, -1), parent.at(-1)! + 1] : parent)
}

/** The path of the row, group or tabs around an item. */
function parentOf(form: FormDoc, path: Path): Path | null {
  for (let length = path.length - 1; length > 0; length--) {
    const item = itemAt(form, path.slice(0, length))
    if (typeof item === 'object') return path.slice(0, length)
  }
  return null
}

/** Puts a field beside the one above it, or back on a line of its own. */
export function toggleBeside(form: FormDoc, key: string): FormDoc {
  const path = pathOf(form, key)
  if (!path) return form
  if (inRow(form, path)) return moveTo(form, path, [...path.slice(0, -2), path.at(-2)! + 1])
  const found = opened(form, path)
  const before = found?.items[found.at - 1]
  if (!found || before === undefined || (typeof before === 'object' && !('row' in before))) return form
  found.items.splice(found.at - 1, 2, { row: [...(typeof before === 'string' ? [before] : before.row), key] } as LayoutItem & string)
  return withLayout(form, found.layout)
}

export const standsBeside = (form: FormDoc, key: string): boolean => inRow(form, pathOf(form, key) ?? [])

/** Takes an item out; the fields in a group or tabs stay where it stood. */
export function dissolve(form: FormDoc, path: Path): FormDoc {
  const found = opened(form, path)
  const item = found?.items[found.at]
  if (!found || typeof item !== 'object') return form
  const inner = 'row' in item ? item.row : 'group' in item ? item.items : item.tabs.flatMap((tab) => tab.items)
  ;(found.items as LayoutItem[]).splice(found.at, 1, ...inner)
  return withLayout(form, found.layout)
}

export function changeItem(form: FormDoc, path: Path, item: LayoutItem): FormDoc {
  const found = opened(form, path)
  if (!found) return form
  ;(found.items as LayoutItem[])[found.at] = item
  return withLayout(form, found.layout)
}

export function removeField(form: FormDoc, key: string): FormDoc {
  const layout = form.layout && replacedIn(form.layout, key, '\0')
  return { ...form, fields: form.fields.filter((field) => field.key !== key), ...(layout ? { layout: tidy(layout) } : {}) }
}

export function duplicateField(form: FormDoc, key: string): { form: FormDoc; key: string } {
  const field = fieldOf(form, key)
  const path = pathOf(form, key)
  if (!field || !path) return { form, key }
  const copy = { ...structuredClone(field), key: freeKey(form.fields, key) }
  return { form: addField(form, copy, [...path.slice(0, -1), path.at(-1)! + 1]), key: copy.key }
}

/** Sets settings of a field; undefined takes one out. */
export function changeField(form: FormDoc, key: string, settings: Partial<FieldDoc>): FormDoc {
  return { ...form, fields: form.fields.map((field) => (field.key === key ? changed(field, settings) : field)) }
}

export const changed = (field: FieldDoc, settings: Partial<FieldDoc>): FieldDoc => Object.fromEntries(Object.entries({ ...field, ...settings }).filter(([, value]) => value !== undefined)) as FieldDoc

/** A key like this one that no field has yet. */
export function freeKey(fields: FieldDoc[], wish: string): string {
  const taken = new Set(fields.map((field) => field.key))
  if (!taken.has(wish)) return wish
  const stem = wish.replace(/_\d+$/, '')
  let n = 2
  while (taken.has(`${stem}_${n}`)) n++
  return `${stem}_${n}`
}

// Words of the expression language, and the name of the ticket itself.
const RESERVED = new Set('ticket if then else for in return some every satisfies function and or not between instance of external true false null'.split(' '))

export const isKey = (key: string): boolean => /^\p{L}[\p{L}\p{N}_]{0,63}$/u.test(key) && !RESERVED.has(key)

/** Gives a field another key, also in the layout, the examples and every rule that reads it. */
export function renameField(form: FormDoc, from: string, to: string): FormDoc {
  const inItems = (items: LayoutItem[]): LayoutItem[] =>
    items.map((item) => {
      if (typeof item === 'string') return item === from ? to : item
      if ('row' in item) return { ...item, row: inItems(item.row) as string[] }
      if ('group' in item) return { ...item, items: inItems(item.items) }
      return { ...item, tabs: item.tabs.map((tab) => ({ ...tab, items: inItems(tab.items) })) }
    })
  const inValues = (values: object) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key === from ? to : key, value]))
  return {
    ...form,
    fields: form.fields.map((field) => renamedInRules({ ...field, key: field.key === from ? to : field.key }, from, to)),
    ...(form.layout ? { layout: inItems(form.layout) } : {}),
    ...(form.examples ? { examples: form.examples.map((example) => ({ ...example, values: inValues(example.values) })) } : {}),
  }
}

const RULES = ['shown', 'required', 'read_only', 'computed', 'default', 'options', 'min', 'max'] as const

function renamedInRules(field: FieldDoc, from: string, to: string): FieldDoc {
  const out: FieldDoc = { ...field }
  for (const name of RULES) {
    const rule = out[name]
    if (typeof rule === 'string' && rule.startsWith('=')) out[name] = renamedInText(rule, from, to) as never
  }
  if (out.rules) out.rules = out.rules.map((rule) => ({ ...rule, check: renamedInText(rule.check, from, to) }))
  if (out.columns && !out.columns.some((column) => column.key === from)) out.columns = out.columns.map((column) => renamedInRules(column, from, to))
  return out
}

/** A name in FEEL text, left alone inside quotes and behind a dot. */
function renamedInText(text: string, from: string, to: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\.?[\p{L}_][\p{L}\p{N}_]*/gu, (word) => (word === from ? to : word))
}
