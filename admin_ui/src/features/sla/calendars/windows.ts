// Working windows as people write them: `09:00-12:00 13:30-18:00`.
import type { Range } from '../../../api/calendars'

const WINDOW = /^([01]?\d|2[0-4]):([0-5]\d)\s*[-–~]\s*([01]?\d|2[0-4]):([0-5]\d)$/

export const shown = (windows: Range[]): string => windows.map(([from, to]) => `${from}–${to}`).join(' ')

/** The windows in a text; null when it cannot be read. */
export function typed(text: string): Range[] | null {
  const parts = text.replace(/\s*[-–~]\s*/g, '-').split(/[\s,;]+/).filter(Boolean)
  const found: Range[] = []
  for (const part of parts) {
    const match = WINDOW.exec(part)
    if (!match) return null
    found.push([`${match[1]!.padStart(2, '0')}:${match[2]}`, `${match[3]!.padStart(2, '0')}:${match[4]}`])
  }
  return found
}
