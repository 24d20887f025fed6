// One ticket for the person who asked for it: where it is, what is wanted of me, what was said.
import { ArrowLeft } from 'lucide-react'
import { useMemo } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { asProblem } from '../../api/client'
import { useMe, useTicket, useType } from '../../api/queries'
import type { TaskRow, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Empty, Failed, icon18, IconButton, Loading, Person } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { Status } from '../../ui/shapes'
import { when } from '../../ui/time'
import { Answers } from '../ticket/Answers'
import { Composer } from '../ticket/Composer'
import { Conversation } from '../ticket/Conversation'
import { progressOf } from '../ticket/progress'
import { StepCard } from '../ticket/StepCard'
import { Steps } from '../ticket/Steps'
import { TicketRating } from './TicketRating'

export default function MyTicket() {
  const { number = '' } = useParams()
  const { data, error, refetch } = useTicket(number)
  if (error)
    return (
      <main className="portal-main narrow">
        <div className="card">
          {asProblem(error).status === 404 ? (
            <Empty title={t('ticket.none', { number })} text={t('ticket.noneWhat')} action={<Link to="/p/tickets">{t('nav.myTickets')}</Link>} />
          ) : (
            <Failed error={error} again={() => void refetch()} />
          )}
        </div>
      </main>
    )
  return data ? <Shown ticket={data} /> : <Loading />
}

const forMe = (task: TaskRow, username: string) => task.assignee === username || (!task.assignee && task.candidates.includes('user:' + username))

function Shown({ ticket }: { ticket: Ticket }) {
  const { user } = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  // What its requester filled in; what others wrote at their steps is theirs.
  const type = useType(ticket.type)
  const asked = useMemo(() => (type.data?.form ? new Set(type.data.form.fields.map((field) => field.key)) : undefined), [type.data])
  const tasks = ticket.tasks.filter((task) => forMe(task, user.username) && task.may.includes('complete'))
  const canWrite = !ticket.may || ticket.may.includes('comment')
  const head = (
    <section className="card p16 col g12">
      <div className="row apart g8">
        <span className="cap">
          {ticket.number} · {words(ticket.type_name)}
        </span>
        <Status of={ticket.status} />
      </div>
      <h1 className={phone ? 'unseen' : undefined}>{ticket.title}</h1>
      {phone && <b>{ticket.title}</b>}
      <Steps steps={progressOf(ticket)} />
      <div className="row g16 wrap t13 ink2">
        {ticket.assignee && <Person of={ticket.assignee} />}
        <span className="cap">{t('ticket.created', { at: when(ticket.created_at) })}</span>
      </div>
    </section>
  )
  const talk = (
    <section className="card talk-card" aria-labelledby="talk">
      <div className="p16 col g12">
        <h2 id="talk" className="aside-title">
          {t('tab.talk')}
        </h2>
        <Conversation ticket={ticket} turns={false} />
      </div>
      {canWrite && !phone && <Composer ticket={ticket} notes={false} />}
    </section>
  )
  const answers = (
    <section className="card p16 col g12" aria-labelledby="answers">
      <h2 id="answers" className="aside-title">
        {t('ticket.answers')}
      </h2>
      <Answers ticket={ticket} only={asked} />
    </section>
  )
  const steps = tasks.map((task) => <StepCard key={task.id} ticket={ticket} row={task} />)
  if (phone)
    return (
      <div className="phone-form">
        <header className="phone-bar">
          <IconButton label={t('do.back')} onClick={() => void navigate('/p/tickets')}>
            <ArrowLeft {...icon18} />
          </IconButton>
          <span className="grow cut bar-title">{ticket.title}</span>
        </header>
        <main className="phone-main">
          {head}
          {steps}
          <TicketRating ticket={ticket} />
          {talk}
          {answers}
        </main>
        {canWrite && (
          <div className="phone-foot flush" role="region" aria-label={t('talk.write')}>
            <Composer ticket={ticket} notes={false} />
          </div>
        )}
      </div>
    )
  return (
    <div className="portal-main form-columns">
      <main className="col g16">
        <div className="row g8 t13 ink3">
          <Link to="/p/tickets">{t('nav.myTickets')}</Link>
          <span aria-hidden>/</span>
          <span>{ticket.number}</span>
        </div>
        {head}
        {steps}
        <TicketRating ticket={ticket} />
        {talk}
      </main>
      <aside className="form-aside">{answers}</aside>
    </div>
  )
}
