// An approval where a ticket is shown: whom it waits for, the open round, and what the reader may do.
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { useApproval, type Ledger } from '../../api/approvals'
import { useMe, useTask } from '../../api/queries'
import type { Task, TaskRow, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import { FormFields } from '../../form/Form'
import { useForm } from '../../form/useForm'
import { Chip, Failed, Loading } from '../../ui/bits'
import { Hands } from './Hands'
import { editable } from './Matter'
import type { Chosen } from './Panel'
import { Seats } from './Seats'
import { useBase } from './base'
import { modeWord } from './words'
import '../ticket/ticket.css'
import './approvals.css'

export function ApprovalCard({ ticket, row, folded = false }: { ticket: Ticket; row: TaskRow; folded?: boolean }) {
  const ledger = useApproval(row.id)
  const task = useTask(ticket.number, row.id)
  const error = ledger.error ?? task.error
  if (error && !(ledger.data && task.data)) return <Failed error={error} again={() => void ledger.refetch()} />
  if (!ledger.data || !task.data)
    return (
      <section className="card">
        <Loading lines={3} />
      </section>
    )
  return <Card key={row.id} ledger={ledger.data} task={task.data} folded={folded} />
}

function Card({ ledger, task, folded }: { ledger: Ledger; task: Task; folded: boolean }) {
  const { user } = useMe()
  const base = useBase()
  const root = useRef<HTMLDivElement>(null)
  const [chosen, choose] = useState<Chosen | null>(null)
  const works = ledger.may.includes('agree')
  const form = useForm(editable(task, works), { ...task.values, ...ledger.draft?.values }, `${user.username}.task.${task.id}`, { [`${task.element}_action`]: 'agree' })
  const main = ledger.rounds[0]
  const name = words(task.name)
  return (
    <section className="card step" aria-label={t('ticket.step', { name })} data-step>
      <div className="step-head">
        <div className="row g8 wrap grow">
          <h2>{name}</h2>
          {main && (
            <Chip tone="brand">
              {modeWord(main)}
              {main.seats.length > 1 && ` ${main.agreed}/${main.need}`}
            </Chip>
          )}
          <span className="grow" />
          <Link className="t13" to={`${base}/${task.id}`}>
            {t('approvals.open')}
          </Link>
        </div>
      </div>
      {!folded && (
        <>
          {main && (
            <div className="step-form">
              <Seats ledger={ledger} round={main} choose={choose} />
            </div>
          )}
          {form.form.fields.length > 0 && (
            <div className="step-form" ref={root}>
              <FormFields state={form} dense />
            </div>
          )}
          <Hands ledger={ledger} form={form} root={root} chosen={chosen} choose={choose} />
        </>
      )}
    </section>
  )
}
