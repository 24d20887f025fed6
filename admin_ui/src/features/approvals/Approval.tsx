// One approval: the matter, how far it is, and what the reader may do about it.
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { ArrowLeft, Printer } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { markRead, useApproval, useApprovals, type Ledger } from '../../api/approvals'
import { asProblem } from '../../api/client'
import { ticketChanged, useMe, useTask, useTicket } from '../../api/queries'
import type { Task, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import { useForm } from '../../form/useForm'
import { Empty, Failed, icon, icon18, IconButton, Loading } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { usePhone } from '../../ui/prefs'
import { useShortcuts } from '../work/useShortcuts'
import { Hands } from './Hands'
import { editable, Matter } from './Matter'
import type { Chosen } from './Panel'
import { Timeline } from './Timeline'
import { useBase } from './base'
import './approvals.css'

export default function Approval() {
  const { task = '' } = useParams()
  const { data, error, refetch } = useApproval(task)
  if (data) return <Loaded ledger={data} />
  return <div className="page">{error ? <Wrong error={error} again={() => void refetch()} /> : <Loading lines={8} />}</div>
}

function Loaded({ ledger }: { ledger: Ledger }) {
  const ticket = useTicket(ledger.ticket)
  const task = useTask(ledger.ticket, ledger.task)
  if (ticket.data && task.data) return <Shown key={ledger.task} ledger={ledger} ticket={ticket.data} task={task.data} />
  const error = ticket.error ?? task.error
  const again = () => void Promise.all([ticket.refetch(), task.refetch()])
  return <div className="page">{error ? <Wrong error={error} again={again} /> : <Loading lines={8} />}</div>
}

function Wrong({ error, again }: { error: unknown; again: () => void }) {
  const base = useBase()
  if (asProblem(error).status !== 404) return <Failed error={error} again={again} />
  return <Empty title={t('approvals.none')} text={t('approvals.noneWhat')} action={<Link to={base}>{t('approvals.all')}</Link>} />
}

function Shown({ ledger, ticket, task }: { ledger: Ledger; ticket: Ticket; task: Task }) {
  const base = useBase()
  const { user } = useMe()
  const client = useQueryClient()
  const phone = usePhone()
  const navigate = useNavigate()
  const root = useRef<HTMLElement>(null)
  const [chosen, choose] = useState<Chosen | null>(null)
  const works = ledger.may.includes('agree')
  const form = useForm(editable(task, works), { ...task.values, ...ledger.draft?.values }, `${user.username}.task.${task.id}`, { [`${task.element}_action`]: 'agree' })
  const { at, of, next } = usePlace(ledger.task)
  const unread = ledger.copies.some((copy) => copy.person === user.username && !copy.read_at)
  useEffect(() => {
    if (unread) void markRead(ledger.task).then(() => ticketChanged(client, ledger.ticket))
  }, [unread, ledger.task, ledger.ticket, client])
  const go = (to: string | undefined) => void navigate(to ? `${base}/${to}` : base)
  useShortcuts({ j: () => next && go(next), Escape: () => (chosen ? choose(null) : go(undefined)) })
  const portal = base.startsWith('/p/')
  const place = of > 0 && at > 0 && <span className="cap">{`${at} / ${of}`}</span>
  const matter = <Matter ticket={ticket} task={task} form={form} works={works} root={root} dense={!phone} />
  const hands = <Hands ledger={ledger} form={form} root={root} chosen={chosen} choose={choose} />
  const steps = (
    <>
      <div className="row apart g8">
        <h2 className="t14">{t('approvals.progress')}</h2>
        <Link className="t13" to={portal ? `/p/tickets/${ticket.number}` : `/work/${ticket.number}`}>
          {t('approvals.ticket')}
        </Link>
      </div>
      <Timeline ledger={ledger} ticket={ticket} choose={choose} />
    </>
  )
  if (phone)
    return (
      <article className="approval-phone" aria-label={ticket.title}>
        <header className="approval-bar">
          <IconButton label={t('do.back')} onClick={() => go(undefined)}>
            <ArrowLeft {...icon18} />
          </IconButton>
          <b className="grow cut">{words(ticket.type_name)}</b>
          {place}
          {next && (
            <Button type="text" onClick={() => go(next)}>
              {t('approvals.next')}
            </Button>
          )}
        </header>
        <div className="approval-scroll" tabIndex={0} role="region" aria-label={t('approvals.matter')}>
          {matter}
          <section className="card matter">{steps}</section>
        </div>
        <footer className="approval-foot">{hands}</footer>
      </article>
    )
  return (
    <article className="approval" aria-label={ticket.title} data-portal={portal || undefined}>
      {!portal && (
        <Bar
          title={
            <>
              <Link to={base} className="t13 ink2">
                {t('approvals.nav')}
              </Link>
              <span className="ink3">/</span>
              <b>{words(ticket.type_name)}</b>
            </>
          }
          tools={
            <>
              {place}
              {next && <Button onClick={() => go(next)}>{t('approvals.next')}</Button>}
            </>
          }
        />
      )}
      <div className="approval-matter" tabIndex={0} role="region" aria-label={t('approvals.matter')}>
        <div className="approval-reading">
          <div className="row approval-print">
            {portal && (
              <Link to={base} className="t13">
                {t('approvals.all')}
              </Link>
            )}
            <span className="grow" />
            <Button type="text" icon={<Printer {...icon} />} onClick={() => print()}>
              {t('approvals.print')}
            </Button>
          </div>
          {matter}
        </div>
      </div>
      <aside className="approval-side" aria-label={t('approvals.progress')}>
        <div className="approval-steps" tabIndex={0} role="region" aria-label={t('approvals.progress')}>
          {steps}
        </div>
        {hands}
      </aside>
    </article>
  )
}

/** Where in the reader's list this approval stands, and the one after it. */
function usePlace(task: string): { at: number; of: number; next?: string } {
  const { data } = useApprovals({ box: 'todo' })
  const all = data?.pages.flatMap((page) => page.items.map((row) => row.task)) ?? []
  const at = all.indexOf(task)
  return { at: at + 1, of: all.length, next: at < 0 ? all[0] : all[at + 1] }
}
