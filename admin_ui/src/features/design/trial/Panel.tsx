// What can be done in a trial and what it has come to: clock, report, open steps, rules, messages, history.
import { useMemo } from 'react'
import type { TicketType } from '../../../api/types'
import { advanceClock, type Trial } from '../../../api/trials'
import { known, t } from '../../../i18n/t'
import { Status } from '../../../ui/shapes'
import { sentence } from '../../ticket/sentences'
import { useNames } from '../../ticket/useNames'
import { when } from '../../../ui/time'
import { partsOf } from '../versions/elements'
import { Clock } from './Clock'
import { Decisions } from './Decisions'
import { Report } from './Report'
import { Step } from './Step'

export type Take = (doing: Promise<Trial>) => Promise<void>

export function Panel({ trial, type, bpmn, take }: { trial: Trial; type: TicketType; bpmn: string; take: Take }) {
  const { ticket } = trial
  const names = useNames(ticket ?? undefined, trial.history)
  const parts = useMemo(() => partsOf(bpmn), [bpmn])
  return (
    <>
      <Clock trial={trial} move={(how) => take(advanceClock(trial, how))} />
      {!ticket && <Report trial={trial} type={type} take={take} />}
      {ticket && (
        <section className="trial-part" aria-label={t('tryIt.ticket')}>
          <div className="row apart g8">
            <b className="cut">{ticket.title}</b>
            <Status of={ticket.status} />
          </div>
          {!trial.tasks.length && <span className="t13 ink2">{t(ticket.status.category === 'closed' || ticket.status.category === 'cancelled' ? 'tryIt.over' : 'tryIt.waiting')}</span>}
          {trial.diagram?.incidents.map((one) => (
            <span key={one.id} className="t13 tone-red fg prose">
              {one.detail}
            </span>
          ))}
        </section>
      )}
      {trial.tasks.map((task) => (
        <Step key={task.id} trial={trial} task={task} take={take} />
      ))}
      <Decisions of={trial.decisions} parts={parts} />
      {trial.outgoing.length > 0 && (
        <section className="trial-part" aria-label={t('tryIt.outgoing')}>
          <h2>{t('tryIt.outgoing')}</h2>
          <ul className="col g4 t13">
            {trial.outgoing.map((one, place) => (
              <li key={place}>{known(`tryIt.sends.${one.kind}`) ?? t('tryIt.sends.other', { kind: one.kind })}</li>
            ))}
          </ul>
        </section>
      )}
      {trial.history.length > 0 && (
        <section className="trial-part" aria-label={t('tab.history')}>
          <h2>{t('tab.history')}</h2>
          <ol className="trial-history">
            {[...trial.history].reverse().map((fact) => (
              <li key={fact.seq}>
                <time className="cap" dateTime={fact.at}>
                  {when(fact.at)}
                </time>
                <span className="prose">
                  <b>{names.person(fact.actor)}</b> {sentence(fact, names)}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  )
}
