// The service level clocks of a ticket as cards: how they stand, and behind each what is next and what can be done.
import { Popover } from 'antd'
import { useState } from 'react'
import type { SlaClock } from '../../api/clocks'
import type { Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { ClockShape } from '../../ui/Clock'
import { spell, standing, useNow, type Standing } from '../../ui/open'
import { clock as faces } from '../../ui/theme'
import { when } from '../../ui/time'
import { clockName } from '../sla/metrics'
import { ClockMore, useWaiver } from './ClockMore'

export function Clocks({ ticket }: { ticket: Ticket }) {
  const clocks = ticket.clocks as SlaClock[]
  const now = useNow(clocks)
  const shown = clocks.flatMap((clock) => {
    const how = standing(clock, now)
    return how ? [{ clock, how }] : []
  })
  if (!shown.length) return null
  return (
    <div className="clocks" role="group" aria-label={t('sla.clocks')}>
      {shown.map(({ clock, how }) => (
        <Card key={clock.key} ticket={ticket} clock={clock} how={how} />
      ))}
      {/* Heard when a state changes, not with every minute. */}
      <span className="unseen" role="status">
        {shown.map(({ clock, how }) => `${clockName(clock)} ${t(`sla.face.${how.face}`)}`).join(t('list.comma'))}
      </span>
    </div>
  )
}

function Card({ ticket, clock, how }: { ticket: Ticket; clock: SlaClock; how: Standing }) {
  const [open, setOpen] = useState(false)
  const waiver = useWaiver(ticket.number, clock)
  return (
    <Popover trigger="click" placement="bottomLeft" open={open} onOpenChange={setOpen} destroyOnHidden content={<ClockMore ticket={ticket} clock={clock} how={how} close={() => setOpen(false)} />}>
      <button type="button" className={`clock-card tone-${faces[how.face].tone}`} data-face={how.face} aria-expanded={open} data-clock={clock.key}>
        <span className="row apart g8">
          <span className="cut">{clockName(clock)}</span>
          <ClockShape {...how} />
        </span>
        <span className="big cut">{bigOf(how)}</span>
        <span className="clock-bar" aria-hidden>
          <i style={{ width: `${how.part * 100}%` }} />
        </span>
        <span className="cut">{how.face === 'waived' ? waiver : footOf(clock, how)}</span>
      </button>
    </Popover>
  )
}

function bigOf({ face, left }: Standing): string {
  if (face === 'breached') return t('sla.row.breached', { time: spell(-left) })
  if (face === 'missed') return t('sla.row.missed', { time: spell(-left) })
  if (face === 'met') return t('sla.onTime')
  if (face === 'paused') return t('sla.isPaused')
  return face === 'waived' ? t('sla.waived') : t('sla.left', { time: spell(left) })
}

function footOf(clock: SlaClock, { face, left, used }: Standing): string {
  if (face === 'paused') return t('sla.pausedFor', { reason: clock.pause_label ?? t('sla.noReason'), time: spell(left) })
  if (face === 'met' || face === 'missed') return t('sla.used', { used: spell(used), limit: spell(clock.target + clock.extended) })
  const due = clock.due ?? clock.breached_at
  if (!due) return ''
  return face === 'breached' ? t('sla.wasDue', { at: when(due) }) : t('sla.due', { at: when(due) })
}
