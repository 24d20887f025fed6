// How far an approval is: submitted, each step with its people, what is still to come, and who is waited for.
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { useLedgers, type Ledger, type Round } from '../../api/approvals'
import type { Category, Ticket } from '../../api/types'
import { known, t } from '../../i18n/t'
import { Avatar, Chip, Name, type ToneName } from '../../ui/bits'
import { StatusShape } from '../../ui/shapes'
import { since, span, when } from '../../ui/time'
import type { Chosen } from './Panel'
import { Seats } from './Seats'
import { modeWord, nameIn, outcomeLook, outcomeWord } from './words'

interface Props {
  ledger: Ledger
  ticket: Ticket | undefined
  choose?: (chosen: Chosen) => void
}

export function Timeline({ ledger, ticket, choose }: Props) {
  const others = useLedgers(ticket?.number)
  const all = others.some((one) => one.task === ledger.task) ? others.map((one) => (one.task === ledger.task ? ledger : one)) : [...others, ledger]
  const later = ticket?.progress?.filter((step) => step.state === 'todo') ?? []
  return (
    <div className="col g12">
      <Waiting ledger={all.find((one) => one.waiting_for.length) ?? ledger} />
      <ol className="stations">
        {ticket && (
          <Station shape="closed" tone="teal" title={t('approvals.submitted')}>
            <div className="seat">
              <Avatar name={ticket.people?.[ticket.requester] ?? ticket.requester} size={28} />
              <div className="col g2">
                <b>
                  <Name of={ticket.requester} />
                </b>
                <span className="cap">{when(ticket.created_at)}</span>
              </div>
            </div>
          </Station>
        )}
        {all.map((one) => (
          <Step key={one.task} ledger={one} choose={one.task === ledger.task ? choose : undefined} />
        ))}
        {later.map((step) => (
          <Station key={step.label} shape="new" tone="neutral" title={step.label} side={<span className="mark ink3">{t('approvals.notYet')}</span>} />
        ))}
      </ol>
      <Copies ledger={ledger} />
      <Everything ledger={ledger} />
    </div>
  )
}

function Station({ shape, tone, title, chip, side, children }: { shape: Category; tone: ToneName; title: string; chip?: ReactNode; side?: ReactNode; children?: ReactNode }) {
  return (
    <li className="station">
      <span className={`station-mark fg tone-${tone}`}>
        <StatusShape category={shape} size={18} />
      </span>
      <div className="col g8 grow">
        <div className="row g8 wrap">
          <h3 className="t14">{title}</h3>
          {chip}
          <span className="grow" />
          {side}
        </div>
        {children}
      </div>
    </li>
  )
}

function Step({ ledger, choose }: { ledger: Ledger; choose?: (chosen: Chosen) => void }) {
  const main = ledger.rounds[0]
  if (!main) return null
  const open = main.state === 'open'
  const look = outcomeLook(main.outcome)
  const target = main.target && (ledger.targets.find((one) => one.element === main.target)?.name ?? '')
  return (
    <Station
      shape={look.shape}
      tone={look.tone}
      title={ledger.name ?? ledger.element}
      chip={
        <Chip tone={open ? 'brand' : 'neutral'}>
          {modeWord(main)}
          {main.seats.length > 1 && ` ${main.agreed}/${main.need}`}
        </Chip>
      }
      side={open ? <Deadline round={main} /> : <span className={`mark tone-${look.tone} fg`}>{outcomeWord(main.outcome)}</span>}
    >
      <div className={open ? 'round open' : 'round'} data-round={main.id}>
        {open && <Bar round={main} />}
        {target && <p className="cap">{t('approvals.returnedTo', { target })}</p>}
        <Seats ledger={ledger} round={main} choose={choose} />
        {!main.seats.length && <p className="cap">{t('approvals.nobodyAsked')}</p>}
      </div>
    </Station>
  )
}

/** How many have agreed of how many that are needed; what was refused stands out. */
function Bar({ round }: { round: Round }) {
  const voting = round.seats.filter((seat) => seat.kind === 'approver' && !['transferred', 'removed'].includes(seat.state))
  if (voting.length < 2) return null
  const rank = (state: string) => (state === 'agreed' ? 0 : state === 'rejected' ? 1 : 2)
  return (
    <div className="round-bar" role="img" aria-label={t('approvals.agreedOf', { n: round.agreed, need: round.need })}>
      {[...voting]
        .sort((a, b) => rank(a.state) - rank(b.state))
        .map((seat) => (
          <i key={seat.id} data-state={seat.state} />
        ))}
    </div>
  )
}

function Deadline({ round }: { round: Round }) {
  const deadlines = round.seats.flatMap((seat) => (seat.state === 'open' && seat.deadline ? [seat.deadline] : []))
  const first = deadlines.sort()[0]
  if (!first) return null
  const left = dayjs(first).diff(dayjs(), 'minute')
  return <span className={`mark fg tone-${left < 0 ? 'red' : left < 240 ? 'amber' : 'neutral'}`}>{left < 0 ? t('approvals.late', { span: span(-left) }) : t('approvals.left', { span: span(left) })}</span>
}

function Waiting({ ledger }: { ledger: Ledger }) {
  if (!ledger.waiting_for.length) return null
  const opened = ledger.rounds.flatMap((round) => round.seats.flatMap((seat) => (seat.state === 'open' && seat.opened_at ? [seat.opened_at] : []))).sort()[0]
  return (
    <p className="t13" data-waiting>
      <span className="ink3">{t('approvals.waitingFor')}</span> <b>{ledger.waiting_for.map((name) => nameIn(ledger, name)).join(t('list.comma'))}</b>
      {opened && <span className="ink3"> · {t('approvals.waits', { span: since(opened) })}</span>}
      {ledger.urges.count > 0 && <span className="ink3"> · {t('approvals.urged', { n: ledger.urges.count })}</span>}
    </p>
  )
}

function Copies({ ledger }: { ledger: Ledger }) {
  if (!ledger.copies.length) return null
  return (
    <section className="col g4">
      <h3 className="t14">{t('approvals.copies')}</h3>
      <ul className="col g4">
        {ledger.copies.map((copy) => (
          <li key={copy.person + copy.at} className="row g8 t13">
            <span>{copy.person_name}</span>
            <span className="grow" />
            <span className="cap">{copy.read_at ? t('approvals.readAt', { at: when(copy.read_at) }) : t('approvals.unread')}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Every single thing that was done, for who wants to know exactly. */
function Everything({ ledger }: { ledger: Ledger }) {
  const people = (data: Record<string, unknown>) => {
    const found = Array.isArray(data.users) ? data.users : Array.isArray(data.people) ? data.people : []
    return (found as string[]).map((name) => nameIn(ledger, name)).join(t('list.comma'))
  }
  return (
    <details className="everything">
      <summary className="cap">{t('approvals.everything', { n: ledger.timeline.length })}</summary>
      <ol className="col g4">
        {ledger.timeline.map((done) => (
          <li key={done.seq} className="t12">
            <time className="ink3" dateTime={done.at}>
              {when(done.at)}
            </time>{' '}
            <b>{done.actor === 'system' ? t('person.system') : (done.actor_name ?? done.actor)}</b> {done.label} {people(done.data)}
            {typeof done.data.principal === 'string' && ` ${t('approvals.for', { who: nameIn(ledger, done.data.principal) })}`}
            {typeof done.data.mark === 'string' && ` · ${known(`approvals.mark.${done.data.mark}`) ?? done.data.mark}`}
            {done.comment && <span className="ink2"> · {done.comment}</span>}
          </li>
        ))}
      </ol>
    </details>
  )
}
