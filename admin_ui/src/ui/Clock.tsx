// A service level clock as shape + word + colour: in a list one line, in a ticket the shape alone.
import type { SlaClock } from '../api/clocks'
import { t } from '../i18n/t'
import './clock.css'
import { spell, standing, useNow, type Face, type Standing } from './open'
import { clock as faces } from './theme'

const RING = 2 * Math.PI * 5.2
const drawn: Record<Exclude<Face, 'running' | 'risk'>, string> = {
  breached: 'M7 4v3.4M7 9.9v.1',
  paused: 'M4.8 3.6v6.8M9.2 3.6v6.8',
  met: 'M3 7.4l2.6 2.6L11 4.4',
  missed: 'M4 4l6 6M10 4l-6 6',
  waived: 'M3.4 7h7.2',
}

export function ClockShape({ face, part, size = 14 }: Pick<Standing, 'face' | 'part'> & { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth={face === 'paused' ? 2 : 1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      {face === 'running' || face === 'risk' ? (
        <>
          <circle cx="7" cy="7" r="5.2" stroke="var(--line-strong)" strokeWidth="1.8" />
          <circle cx="7" cy="7" r="5.2" strokeWidth="1.8" strokeLinecap="butt" strokeDasharray={`${part * RING} ${RING}`} transform="rotate(-90 7 7)" />
        </>
      ) : (
        <>
          {face === 'breached' && <circle cx="7" cy="7" r="5.6" />}
          <path d={drawn[face]} />
        </>
      )}
    </svg>
  )
}

/** The most pressing clock of a row; nothing when there is none. */
export function RowClock({ clocks }: { clocks: SlaClock[] | undefined }) {
  const shown = clocks?.slice(0, 1) ?? []
  const now = useNow(shown)
  const how = shown[0] && standing(shown[0], now)
  if (!how) return null
  return (
    <span className={`clock tone-${faces[how.face].tone}`} data-face={how.face}>
      <ClockShape {...how} />
      {lineOf(how)}
    </span>
  )
}

/** What a row says of a clock. */
function lineOf({ face, left, used }: Standing): string {
  if (face === 'breached') return t('sla.row.breached', { time: spell(-left) })
  if (face === 'paused') return left < 0 ? t('sla.paused') : t('sla.row.paused', { time: spell(left) })
  if (face === 'met') return t('sla.row.met', { time: spell(used) })
  if (face === 'missed') return t('sla.row.missed', { time: spell(-left) })
  return face === 'waived' ? t('sla.waived') : t('sla.left', { time: spell(left) })
}
