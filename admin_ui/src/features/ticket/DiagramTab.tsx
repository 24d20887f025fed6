// The live diagram of a ticket: walked, now, not yet; who holds it and when the timer fires.
import { lazy, Suspense, useMemo } from 'react'
import { useDiagram, useHistory } from '../../api/queries'
import type { Badge } from '../../bpmn/Diagram'
import type { DiagramState, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Failed, Loading } from '../../ui/bits'
import { since, when } from '../../ui/time'
import { History } from './History'
import { candidate } from './sentences'
import { useNames } from './useNames'

const Diagram = lazy(() => import('../../bpmn/Diagram'))
const LATEST = 6

export function DiagramTab({ ticket, all }: { ticket: Ticket; all: () => void }) {
  const { data, error, refetch } = useDiagram(ticket.number)
  const history = useHistory(ticket.number)
  const names = useNames(ticket, history.data?.items)
  const total = history.data?.items.length ?? 0
  const badges = useMemo(() => (data ? badgesOf(data, ticket, names) : []), [data, ticket, names])
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  // Where a token stands for the first time it has not been through.
  const done = Object.keys(data.visited).filter((id) => !data.active.includes(id) || (data.visited[id] ?? 0) > 1)
  return (
    <div className="col g12">
      <div className="card diagram-box ticket-diagram">
        <Suspense fallback={<Loading />}>
          <Diagram
            xml={data.bpmn}
            label={t('diagram.label')}
            done={done}
            live={data.active}
            stuck={data.incidents.flatMap((one) => (one.element ? [one.element] : []))}
            badges={badges}
            names={data.names && Object.fromEntries(Object.entries(data.names).map(([id, name]) => [id, words(name)]))}
          />
        </Suspense>
        <div className="legend">
          <span data-kind="done">
            <i />
            {t('diagram.walked')}
          </span>
          <span data-kind="live">
            <i />
            {t('diagram.now')}
          </span>
          <span>
            <i />
            {t('diagram.notYet')}
          </span>
        </div>
      </div>
      <section className="card history-card">
        <div className="row apart">
          <h2>{t('tab.history')}</h2>
          {total > LATEST && (
            <button type="button" className="link t12" onClick={all}>
              {t('history.all', { n: total })}
            </button>
          )}
        </div>
        <History ticket={ticket} most={LATEST} />
      </section>
    </div>
  )
}

function badgesOf(state: DiagramState, ticket: Ticket, names: ReturnType<typeof useNames>): Badge[] {
  const badges: Badge[] = []
  for (const task of ticket.tasks) {
    const who = task.assignee ? names.person(task.assignee) : task.candidates[0] ? candidate(task.candidates[0], names) : ''
    badges.push({ element: task.element, tone: 'brand', text: [who, since(task.created_at)].filter(Boolean).join(' · ') })
  }
  for (const timer of state.timers ?? []) if (timer.due) badges.push({ element: timer.element, tone: 'amber', place: 'beside', text: t('diagram.fires', { at: when(timer.due) }) })
  for (const incident of state.incidents) if (incident.element) badges.push({ element: incident.element, tone: 'red', text: t('diagram.stuck') })
  return badges
}
