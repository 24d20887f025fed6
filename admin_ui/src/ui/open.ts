// Working time in words, and how a clock stands at this moment.
import { useEffect, useState } from 'react'
import type { SlaClock } from '../api/clocks'
import { t } from '../i18n/t'

const MINUTE = 60
const LAST = 2 * MINUTE // from here on the seconds are told

/** Working time: hours, never days, because a day of it is not a day. */
export function spell(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < LAST) return t('sla.seconds', { s: whole })
  const minutes = Math.floor(whole / MINUTE)
  if (minutes < 60) return t('span.minutes', { m: minutes })
  const rest = minutes % 60
  return rest ? t('span.hours', { h: Math.floor(minutes / 60), m: String(rest).padStart(2, '0') }) : t('sla.hours', { h: minutes / 60 })
}

export type Face = 'running' | 'risk' | 'breached' | 'paused' | 'met' | 'missed' | 'waived'

export interface Standing {
  face: Face
  left: number // seconds of working time, less than none when late
  used: number
  part: number // 0 to 1 of what may be used
}

/**
 * How a clock stands now. Nothing can be left that does not fit before the due time; that is exact in its last hours,
 * and before them what the server said holds until it is asked again.
 */
export function standing(clock: SlaClock, now: number): Standing | null {
  if (clock.state === 'cancelled') return null
  const limit = clock.target + clock.extended
  const due = clock.due ? (Date.parse(clock.due) - now) / 1000 : null
  let left = clock.remaining
  let face: Face = clock.state === 'running' && clock.at_risk ? 'risk' : clock.state
  if (clock.state === 'running' && due !== null && due < left) {
    left = due
    if (left < 0) face = 'breached'
  }
  const used = limit - left
  return { face, left, used, part: limit > 0 ? Math.min(1, Math.max(0, used / limit)) : 1 }
}

/** The present moment, as often as a clock needs it: once a minute, once a second when little is left. */
export function useNow(clocks: SlaClock[]): number {
  const [now, setNow] = useState(Date.now)
  const ticks = clocks.some((one) => one.state === 'running' || one.state === 'breached')
  const close = clocks.some((one) => one.state === 'running' && one.due && Math.abs(Date.parse(one.due) - now) < LAST * 1000)
  useEffect(() => {
    if (!ticks) return
    const timer = setInterval(() => setNow(Date.now()), close ? 1000 : MINUTE * 1000)
    return () => clearInterval(timer)
  }, [ticks, close])
  return now
}
