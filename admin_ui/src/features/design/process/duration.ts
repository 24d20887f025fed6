// Lengths of time as people pick them, and the texts that timers know (ISO 8601).

export const UNITS = ['minutes', 'hours', 'days', 'weeks'] as const
export type Unit = (typeof UNITS)[number]

export interface Length {
  count: number
  unit: Unit
}

const SIGNS: Record<Unit, (count: number) => string> = { minutes: (n) => `PT${n}M`, hours: (n) => `PT${n}H`, days: (n) => `P${n}D`, weeks: (n) => `P${n}W` }
const PATTERNS: [RegExp, Unit][] = [
  [/^PT(\d+)M$/i, 'minutes'],
  [/^PT(\d+)H$/i, 'hours'],
  [/^P(\d+)D$/i, 'days'],
  [/^P(\d+)W$/i, 'weeks'],
]

/** A text as count and unit; null when it is more than that. */
export function readLength(text: string): Length | null {
  for (const [pattern, unit] of PATTERNS) {
    const found = pattern.exec(text.trim().replace(/^"|"$/g, ''))
    if (found) return { count: Number(found[1]), unit }
  }
  return null
}

export const writeLength = ({ count, unit }: Length): string => SIGNS[unit](count)

export interface Weekly {
  days: number[] // 1 Monday … 7 Sunday; none: every day
  hour: number
  minute: number
}

/** A cron line of the kind "at this time on these days"; null when it is more than that. */
export function readWeekly(text: string): Weekly | null {
  const found = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:[,-][0-7])*)$/.exec(text.trim().replace(/^"|"$/g, ''))
  if (!found) return null
  const days = found[3] === '*' ? [] : found[3]!.split(',').flatMap(range)
  const weekly = { minute: Number(found[1]), hour: Number(found[2]), days: [...new Set(days.map((day) => day || 7))].sort() }
  return weekly.minute < 60 && weekly.hour < 24 ? weekly : null
}

function range(text: string): number[] {
  const [from, to] = text.split('-').map(Number) as [number, number?]
  return to === undefined ? [from] : Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
}

export const writeWeekly = ({ days, hour, minute }: Weekly): string => `${minute} ${hour} * * ${days.length && days.length < 7 ? days.join(',') : '*'}`
