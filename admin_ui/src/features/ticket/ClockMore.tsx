// What stands behind a clock: its terms, what is next, its log; taking note, more time, taking it out of the count.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { acknowledge, extendClock, useClockEvents, waiveClock, type SlaClock } from '../../api/clocks'
import { asProblem } from '../../api/client'
import { ticketChanged, useName } from '../../api/queries'
import type { Ticket } from '../../api/types'
import { known, t } from '../../i18n/t'
import { Name, Remark } from '../../ui/bits'
import { spell, type Standing } from '../../ui/open'
import { when } from '../../ui/time'
import { clockName } from '../sla/metrics'
import { listed, useWho } from '../sla/who'
import '../../form/form.css'

const HOUR = 3600

interface Props {
  ticket: Ticket
  clock: SlaClock
  how: Standing
  close: () => void
}

export function ClockMore({ ticket, clock, how, close }: Props) {
  const client = useQueryClient()
  const who = useWho()
  const events = useClockEvents(ticket.number, clock.key, true)
  const [asking, setAsking] = useState<'extend' | 'waive' | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async (todo: () => Promise<unknown>) => {
    setBusy(true)
    setWrong(null)
    try {
      await todo()
      void ticketChanged(client, ticket.number)
      close()
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.errors[0]?.detail ?? problem.message)
    }
    setBusy(false)
  }
  const may = (what: string) => ticket.may?.includes(what) ?? false
  const isOpen = ['running', 'paused', 'breached'].includes(clock.state)
  return (
    <div className="clock-more">
      <b>{clockName(clock)}</b>
      <dl className="facts">
        <dt>{t('sla.target')}</dt>
        <dd>{clock.extended ? t('sla.extendedBy', { target: spell(clock.target), more: spell(clock.extended) }) : spell(clock.target)}</dd>
        <dt>{t('sla.usedSoFar')}</dt>
        <dd>{spell(how.used)}</dd>
        <dt>{t('sla.startedAt')}</dt>
        <dd>{when(clock.started_at)}</dd>
        {clock.due && (
          <>
            <dt>{t('sla.dueAt')}</dt>
            <dd>{when(clock.due)}</dd>
          </>
        )}
        {how.face === 'paused' && (
          <>
            <dt>{t('sla.pauseReason')}</dt>
            <dd>{clock.pause_label ?? t('sla.noReason')}</dd>
          </>
        )}
        {clock.breach_chance !== undefined && (
          <>
            <dt>{t('sla.chance')}</dt>
            <dd>{t('sla.chanceWhat', { chance: `${Math.round(clock.breach_chance * 100)} %` })}</dd>
          </>
        )}
        {clock.next && (
          <>
            <dt>{t('sla.next')}</dt>
            <dd>{t('sla.nextWhat', { at: when(clock.next.at), who: listed(clock.next.notify.map(who)) })}</dd>
          </>
        )}
        <dt>{t('sla.rule')}</dt>
        <dd>{t('sla.ruleWhat', { policy: clock.policy, rule: clock.rule, calendar: clock.calendar })}</dd>
      </dl>
      {!!events.data?.items.length && (
        <ul className="clock-log" aria-label={t('sla.log')} tabIndex={0}>
          {events.data.items.map((event) => (
            <li key={event.seq}>
              <time className="ink3">{when(event.at)}</time>
              <span>
                {known(`sla.event.${event.kind}`) ?? event.kind}
                {event.kind === 'waived' || event.kind === 'extended' ? (
                  <>
                    {' · '}
                    <Name of={event.actor} />
                    {event.reason && ` · ${event.reason}`}
                  </>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {wrong && <Remark tone="red">{wrong}</Remark>}
      {asking ? (
        <Ask
          what={asking}
          busy={busy}
          back={() => setAsking(null)}
          send={(hours, reason) => void run(() => (asking === 'extend' ? extendClock(ticket.number, clock.key, Math.round(hours * HOUR), reason) : waiveClock(ticket.number, clock.key, reason)))}
        />
      ) : (
        <div className="row g8 wrap">
          {clock.metric === 'acknowledge' && isOpen && may('acknowledge') && (
            <Button type="primary" size="small" loading={busy} onClick={() => void run(() => acknowledge(ticket.number))}>
              {t('sla.acknowledge')}
            </Button>
          )}
          {isOpen && may('change_clocks') && (
            <Button size="small" onClick={() => setAsking('extend')}>
              {t('sla.extend')}
            </Button>
          )}
          {how.face !== 'waived' && may('change_clocks') && (
            <Button size="small" onClick={() => setAsking('waive')}>
              {t('sla.waive')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Ask({ what, busy, back, send }: { what: 'extend' | 'waive'; busy: boolean; back: () => void; send: (hours: number, reason: string) => void }) {
  const [hours, setHours] = useState<number | null>(1)
  const [reason, setReason] = useState('')
  return (
    <form
      className="col g8"
      onSubmit={(event) => {
        event.preventDefault()
        send(hours ?? 0, reason.trim())
      }}
    >
      {what === 'extend' && <InputNumber aria-label={t('sla.hoursMore')} suffix={t('sla.hoursUnit')} min={0.25} max={8760} step={0.5} value={hours} onChange={setHours} style={{ width: '100%' }} />}
      <Input.TextArea aria-label={t('sla.reason')} placeholder={t('sla.reason')} autoSize={{ minRows: 2, maxRows: 4 }} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <div className="row g8">
        <Button type="primary" size="small" htmlType="submit" loading={busy} disabled={!reason.trim() || (what === 'extend' && !hours)}>
          {what === 'extend' ? t('sla.extend') : t('sla.waive')}
        </Button>
        <Button size="small" onClick={back}>
          {t('do.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Who took a clock out of the count, and why. */
export function useWaiver(number: string, clock: SlaClock): string {
  const { data } = useClockEvents(number, clock.key, clock.state === 'waived')
  const waived = data?.items.filter((event) => event.kind === 'waived').at(-1)
  const name = useName(waived?.actor)
  return waived ? [name, waived.reason].filter(Boolean).join(' · ') : ''
}
