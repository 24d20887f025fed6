// Texts by key. One language is loaded at a time; changing it draws the application anew.
import type zh from './zh-CN'
import { remember, remembered, type Language } from '../ui/prefs'

export type Key = keyof typeof zh
export type Words = string | Record<string, string>
type Blanks = Record<string, string | number | null | undefined>

const load: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  'zh-CN': () => import('./zh-CN'),
  en: () => import('./en'),
}

let texts: Record<string, string> = {}
let current: Language = 'zh-CN'

export const language = (): Language => current

/** The language that was chosen in this browser, if any. */
export function chosenLanguage(): Language | null {
  const kept = remembered('language')
  return kept === 'zh-CN' || kept === 'en' ? kept : null
}

export async function loadLanguage(wanted: Language, keep: boolean): Promise<void> {
  texts = (await load[wanted]()).default
  current = wanted
  document.documentElement.lang = wanted
  if (keep) remember('language', wanted)
}

/** The text of a key, its {blanks} filled in. */
export function t(key: Key, blanks: Blanks = {}): string {
  return fill(texts[key] ?? key, blanks)
}

/** The text of a key made at run time (`history.` + kind), or null where there is none. */
export function known(key: string, blanks: Blanks = {}): string | null {
  const text = texts[key]
  return text === undefined ? null : fill(text, blanks)
}

function fill(text: string, blanks: Blanks): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ''))
}

/** A text by language as documents carry it, in the reader's language. */
export function words(text: Words | null | undefined): string {
  if (text === null || text === undefined) return ''
  if (typeof text === 'string') return text
  return text[current] || text[''] || text['zh-CN'] || text['en'] || Object.values(text)[0] || ''
}
