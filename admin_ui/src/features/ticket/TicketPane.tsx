// The ticket at the right: head, the step with its form, then conversation, diagram, history and facts.
import { useQueryClient } from '@tanstack/react-query'
import { App, Dropdown, Tabs } from 'antd'
import { ArrowLeft, Eye, Maximize2, Minimize2 } from 'lucide-react'
import { useState } from 'react'
import { asProblem, call, newKey } from '../../api/client'
import { ticketChanged, useComments, useHistory, useMe, useTasksPending, useTicket } from '../../api/queries'
import type { Priority, TaskRow, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Empty, Failed, icon, IconButton, Loading, Name, Person, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { PriorityMark, Status } from '../../ui/shapes'
import { when } from '../../ui/time'
import { ApprovalCard } from '../approvals/ApprovalCard'
import { Answers } from './Answers'
import { Assignment } from './Assignment'
import { Clocks } from './Clocks'
import { Composer } from './Composer'
import { Conversation } from './Conversation'
import { DiagramTab } from './DiagramTab'
import { History } from './History'
import { More } from './More'
import { Presence } from './Presence'
import { Related } from './Related'
import { StepCard } from './StepCard'
import './ticket.css'
import './pane.css'

interface Props {
  number: string
  full: boolean
  setFull?: (on: boolean) => void
  back?: () => void
}

export function TicketPane({ number, full, setFull, back }: Props) {
  const { data, error, refetch } = useTicket(number)
  // The step's form comes with the page: what stands below it does not jump under the pointer.
  const pending = useTasksPending(number, data?.tasks.map((task) => task.id) ?? [])
  const [shown, setShown] = useState(false)
  if (data && !pending && !shown) setShown(true)
  if (error && !data)
    return (
      <div className="no-ticket">
        {asProblem(error).status === 404 ? <Empty title={t('ticket.none', { number })} text={t('ticket.noneWhat')} /> : <Failed error={error} again={() => void refetch()} />}
      </div>
    )
  if (!data || (pending && !shown))
    return (
      <div className="no-ticket">
        <Loading lines={8} />
      </div>
    )
  return <Pane ticket={data} full={full} setFull={setFull} back={back} />
}

/** What I can do first, then what is mine, then the rest. */
function inOrder(tasks: TaskRow[], username: string): TaskRow[] {
  const rank = (task: TaskRow) => (task.assignee === username ? 0 : task.may.includes('complete') ? 1 : task.may.includes('claim') ? 2 : 3)
  return [...tasks].sort((a, b) => rank(a) - rank(b))
}

function Pane({ ticket, full, setFull, back }: { ticket: Ticket } & Omit<Props, 'number'>) {
  const { user } = useMe()
  const phone = usePhone()
  const [tab, setTab] = useState('talk')
  const comments = useComments(ticket.number)
  const history = useHistory(ticket.number)
  const tasks = inOrder(ticket.tasks, user.username)
  const may = (what: string) => ticket.may?.includes(what) ?? true
  const numbered = (label: string, count: number | undefined) => (count ? `${label} ${count}` : label)
  return (
    <article className="pane" aria-label={ticket.title}>
      <Head ticket={ticket} full={full} setFull={setFull} back={back} />
      <div className="pane-body" tabIndex={0} role="region" aria-label={t('ticket.content')}>
        {ticket.process_incidents?.map((incident) => (
          <Remark key={incident.id} tone="red">
            {t('ticket.stuck', { element: words(incident.element_name) || t('history.step'), detail: incident.detail ?? '' })}
          </Remark>
        ))}
        {tasks.map((task) =>
          task.kind === 'approval' ? (
            <ApprovalCard key={task.id} ticket={ticket} row={task} folded={tab === 'diagram'} />
          ) : (
            <StepCard key={task.id} ticket={ticket} row={task} dense={!phone} folded={tab === 'diagram'} />
          ),
        )}
        <Tabs
          activeKey={tab}
          onChange={setTab}
          items={[
            { key: 'talk', label: numbered(t('tab.talk'), comments.data?.items.length), children: <div className="tab-body"><Conversation ticket={ticket} /></div> },
            { key: 'diagram', label: t('tab.diagram'), children: <div className="tab-body">{tab === 'diagram' && <DiagramTab ticket={ticket} all={() => setTab('history')} />}</div> },
            {
              key: 'history',
              label: numbered(t('tab.history'), history.data?.items.length),
              children: (
                <div className="tab-body">
                  <div className="card history-card">
                    <History ticket={ticket} />
                  </div>
                </div>
              ),
            },
            { key: 'related', label: numbered(t('tab.related'), ticket.links.length), children: <div className="tab-body">{tab === 'related' && <Related ticket={ticket} />}</div> },
            { key: 'facts', label: t('tab.facts'), children: <div className="tab-body"><Facts ticket={ticket} /></div> },
          ]}
        />
      </div>
      {may('comment') && <Composer key={ticket.number} ticket={ticket} notes={may('comment_internally')} />}
    </article>
  )
}

function Head({ ticket, full, setFull, back }: { ticket: Ticket } & Omit<Props, 'number'>) {
  const client = useQueryClient()
  const { user, permissions } = useMe()
  const { message } = App.useApp()
  const run = async (todo: () => Promise<unknown>) => {
    try {
      await todo()
      await ticketChanged(client, ticket.number)
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  const path = `/tickets/${encodeURIComponent(ticket.number)}`
  const watch = () => void run(() => call(ticket.watching ? 'DELETE' : 'PUT', `${path}/watchers/${encodeURIComponent(user.username)}`))
  const setPriority = (priority: string) => void run(() => call('PATCH', path, { body: { priority }, key: newKey() }))
  const Title = back ? 'h1' : 'h2' // alone on a phone's page
  const mayRank = permissions.includes('set_priority') && (ticket.may?.includes('edit_ticket') ?? true) && !ticket.closed_at
  return (
    <header className="pane-head">
      <div className="row g8">
        {back && (
          <IconButton label={t('do.back')} onClick={back}>
            <ArrowLeft {...icon} />
          </IconButton>
        )}
        <span className="cap cut">
          {ticket.number} · {words(ticket.type_name)}
        </span>
        <span className="grow" />
        <IconButton label={ticket.watching ? t('ticket.unwatch') : t('ticket.watch')} aria-pressed={!!ticket.watching} onClick={watch}>
          <Eye {...icon} />
        </IconButton>
        {setFull && (
          <IconButton label={full ? t('ticket.notFull') : t('ticket.full')} onClick={() => setFull(!full)}>
            {full ? <Minimize2 {...icon} /> : <Maximize2 {...icon} />}
          </IconButton>
        )}
        <More ticket={ticket} />
      </div>
      <Title>{ticket.title}</Title>
      <div className="pane-facts">
        <Status of={ticket.status} />
        {mayRank ? (
          <Dropdown
            trigger={['click']}
            menu={{ selectable: true, selectedKeys: [ticket.priority], items: (['P0', 'P1', 'P2', 'P3', 'P4'] as Priority[]).map((key) => ({ key, label: <PriorityMark of={key} word /> })), onClick: ({ key }) => key !== ticket.priority && setPriority(key) }}
          >
            <button type="button" className="plain">
              <PriorityMark of={ticket.priority} word />
              <span className="unseen">{t('ticket.changePriority')}</span>
            </button>
          </Dropdown>
        ) : (
          <PriorityMark of={ticket.priority} word />
        )}
        <span className="ink2">{ticket.assignee ? <Person of={ticket.assignee} /> : t('queue.none')}</span>
        <span className="ink2">
          {t('ticket.by')} <Name of={ticket.requester} />
        </span>
        <span className="cap">{when(ticket.created_at)}</span>
      </div>
      <Clocks ticket={ticket} />
      <Presence ticket={ticket} />
    </header>
  )
}

function Facts({ ticket }: { ticket: Ticket }) {
  return (
    <div className="col g12">
      <section className="card p16">
        <Answers ticket={ticket} />
        {!Object.keys(ticket.values).length && <p className="t13 ink3">{t('ticket.noAnswers')}</p>}
      </section>
      <Assignment number={ticket.number} />
      <section className="card p16">
        <dl className="facts">
          <dt>{t('ticket.requester')}</dt>
          <dd>
            <Name of={ticket.requester} />
          </dd>
          <dt>{t('ticket.createdAt')}</dt>
          <dd>{when(ticket.created_at)}</dd>
          <dt>{t('ticket.updatedAt')}</dt>
          <dd>{when(ticket.updated_at)}</dd>
          {ticket.closed_at && (
            <>
              <dt>{t('ticket.closedAt')}</dt>
              <dd>{when(ticket.closed_at)}</dd>
            </>
          )}
          <dt>{t('ticket.version')}</dt>
          <dd>{`v${ticket.version}`}</dd>
          {!!ticket.watchers?.length && (
            <>
              <dt>{t('ticket.watchers')}</dt>
              <dd className="row g12 wrap">
                {ticket.watchers.map((username) => (
                  <Person key={username} of={username} />
                ))}
              </dd>
            </>
          )}
        </dl>
      </section>
    </div>
  )
}
