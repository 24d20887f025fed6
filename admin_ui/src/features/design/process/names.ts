// What new elements are called, in both languages whatever the reader's is.
import { LANGUAGES } from '../forms/languages'

const texts: Record<string, Record<string, string>> = {}

/** Loads both languages. */
export async function loadNames(): Promise<true> {
  const [zh, en] = await Promise.all([import('../../../i18n/zh-CN'), import('../../../i18n/en')])
  texts['zh-CN'] = zh.default
  texts.en = en.default
  return true
}

/** The usual name of something new (`designer.new.<what>`, or that of the ready-made step) by language. */
export const namedIn = (what: string): Record<string, string> =>
  Object.fromEntries(LANGUAGES.map((language) => [language, texts[language]?.[`designer.new.${what}`] ?? texts[language]?.[`designer.step.${what}`] ?? what]))
