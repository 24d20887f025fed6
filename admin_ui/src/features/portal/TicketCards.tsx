// Tickets as their requester sees them: number, title, named steps, who acts next.
import { Link } from 'react-router'
import { useMyTasks } from '../../api/queries'
import type { TicketRow } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Name } from '../../ui/bits'
import { Status } from '../../ui/shapes'
import { when } from '../../ui/time'
import { progressOf } from '../ticket/progress'
import { Steps } from '../ticket/Steps'

export function TicketCards({ tickets }: { tickets: TicketRow[] }) {
  const tasks = useMyTasks()
  return (
    <div className="card">
      {tickets.map((ticket) => {
        const task = tasks.data?.items.find((one) => one.ticket === ticket.number)
        return (
          <Link key={ticket.number} to={`/p/tickets/${encodeURIComponent(ticket.number)}`} className="ticket-card">
            <span className="row apart g8">
              <span className="cap">{ticket.number}</span>
              <Status of={ticket.status} />
            </span>
            <b className="cut">{ticket.title}</b>
            <Steps steps={progressOf(ticket)} />
            <span className="row apart g8">
              <span className="cap cut">
                <Next ticket={ticket} />
              </span>
              {task && <span className="ant-btn-like">{words(task.name)}</span>}
            </span>
          </Link>
        )
      })}
    </div>
  )
}

function Next({ ticket }: { ticket: TicketRow }) {
  if (ticket.closed_at) return <>{t('home.closed', { at: when(ticket.closed_at) })}</>
  if (ticket.assignee)
    return (
      <>
        {ticket.assignee_name ?? <Name of={ticket.assignee} />} {t('home.worksOn')} · {when(ticket.updated_at)}
      </>
    )
  return <>{t('home.updated', { at: when(ticket.updated_at) })}</>
}
