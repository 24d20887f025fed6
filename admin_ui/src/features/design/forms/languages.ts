// Texts of a form in two languages, side by side.
import type { Words } from '../../../i18n/t'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type DocLanguage = (typeof LANGUAGES)[number]

const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/

const isWords = (value: object): value is Record<string, string> => {
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([key, text]) => typeof text === 'string' && TAG.test(key)) && LANGUAGES.some((language) => language in value)
}

/** A document as readers of one language see it: every text by language becomes a plain one. */
export function inLanguage<T>(value: T, language: DocLanguage): T {
  if (Array.isArray(value)) return value.map((item: unknown) => inLanguage(item, language)) as T
  if (value === null || typeof value !== 'object') return value
  if (isWords(value)) return (value[language] || Object.values(value).find(Boolean) || '') as T
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inLanguage(item as unknown, language)])) as T
}

/** The text of exactly this language; a plain text is everybody's and stands in the first. */
export const textIn = (words: Words | undefined, language: DocLanguage): string => (typeof words === 'string' ? (language === LANGUAGES[0] ? words : '') : (words?.[language] ?? ''))

/** The words with the text of one language changed; undefined when nothing is left. */
export function withText(words: Words | undefined, language: DocLanguage, text: string): Words | undefined {
  if (typeof words === 'string' && language === LANGUAGES[0] && text) return text
  const all: Record<string, string> = { ...(typeof words === 'string' ? { [LANGUAGES[0]]: words } : words) }
  if (text) all[language] = text
  else delete all[language]
  return Object.keys(all).length ? all : undefined
}

/** The field's value in each language that has none. */
export const missing = (words: Words | undefined): DocLanguage[] => (words === undefined || typeof words === 'string' ? [] : LANGUAGES.filter((language) => !words[language]))
