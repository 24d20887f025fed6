// The usual names of new fields, in both languages whatever the reader's is.
import { LANGUAGES, type DocLanguage } from './languages'

const texts: Partial<Record<DocLanguage, Record<string, string>>> = {}

/** Loads both languages; new fields are named in both. */
export async function loadNames(): Promise<true> {
  const [zh, en] = await Promise.all([import('../../../i18n/zh-CN'), import('../../../i18n/en')])
  texts['zh-CN'] = zh.default
  texts.en = en.default
  return true
}

export const namedIn = (what: string): Record<string, string> => Object.fromEntries(LANGUAGES.map((language) => [language, texts[language]?.[`formDesigner.kind.${what}`] ?? texts[language]?.[`formDesigner.new.${what}`] ?? what]))
