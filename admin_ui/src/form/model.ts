// Small truths about form documents.
import type { FieldDoc, FormDoc, LayoutItem } from '../api/types'

export const isRule = (setting: unknown): setting is string => typeof setting === 'string' && setting.startsWith('=')

const WIDE = new Set(['textarea', 'richtext', 'table', 'note', 'attachment', 'photo', 'location', 'signature'])
/** Whether a field wants the whole width. */
export const isWide = (field: FieldDoc): boolean => WIDE.has(field.kind) || field.style === 'cards'

export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && !value.length) ||
  (typeof value === 'object' && !Array.isArray(value) && !Object.keys(value).length)

export function hasRules(form: FormDoc): boolean {
  const inField = (field: FieldDoc): boolean =>
    [field.shown, field.required, field.read_only, field.computed, field.default, field.options, field.min, field.max].some(isRule) ||
    !!field.rules?.length ||
    !!field.columns?.some(inField)
  return form.fields.some(inField)
}

/** The layout with the fields that it does not name at the end. */
export function layoutOf(form: FormDoc): LayoutItem[] {
  const named = new Set<string>()
  const walk = (items: LayoutItem[]): void => {
    for (const item of items) {
      if (typeof item === 'string') named.add(item)
      else if ('row' in item) item.row.forEach((key) => named.add(key))
      else if ('group' in item) walk(item.items)
      else item.tabs.forEach((tab) => walk(tab.items))
    }
  }
  walk(form.layout ?? [])
  return [...(form.layout ?? []), ...form.fields.filter((field) => !named.has(field.key)).map((field) => field.key)]
}
