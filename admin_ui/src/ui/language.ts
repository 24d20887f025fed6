// Changing the language draws the whole application anew.
import { language, loadLanguage } from '../i18n/t'
import type { Language } from './prefs'

let redraw: () => void = () => undefined

export const onLanguage = (listener: () => void): void => void (redraw = listener)

export async function switchLanguage(wanted: Language = language() === 'en' ? 'zh-CN' : 'en'): Promise<void> {
  await loadLanguage(wanted, true)
  redraw()
}
