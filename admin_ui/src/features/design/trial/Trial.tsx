// A draft tried out: the same runtime on a throw-away database, its token on the diagram, its clock in hand.
import { App, Button } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Link, useParams } from 'react-router'
import { asProblem, type Problem } from '../../../api/client'
import type { TicketType } from '../../../api/types'
import { beginTrial, endTrial, readInside, type Trial as Trying } from '../../../api/trials'
import { t, words } from '../../../i18n/t'
import { Chip, Loading, Remark } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { TypeTabs } from '../TypeTabs'
import { Keep } from './Keep'
import { Panel } from './Panel'
import './trial.css'

const Diagram = lazy(() => import('../../../bpmn/Diagram'))

interface Opened {
  trial: Trying
  type: TicketType
  bpmn: string
}

export default function Trial() {
  const { key = '' } = useParams()
  const { message } = App.useApp()
  const [opened, setOpened] = useState<Opened | null>(null)
  const [wrong, setWrong] = useState<Problem | null>(null)
  const [round, setRound] = useState(0)
  const alive = useRef<Trying | null>(null)

  useEffect(() => {
    let gone = false
    setOpened(null)
    setWrong(null)
    beginTrial(key)
      .then(async (trial) => {
        if (gone) return void endTrial(key, trial.id)
        alive.current = trial
        const inside = await readInside(trial)
        if (!gone) setOpened({ trial, ...inside })
      })
      .catch((error: unknown) => !gone && setWrong(asProblem(error)))
    return () => {
      gone = true
      if (alive.current) void endTrial(key, alive.current.id).catch(() => undefined)
      alive.current = null
    }
  }, [key, round])

  /** Takes what an action came to; what the tried application refuses is for whoever asked. */
  const take = useCallback(
    async (doing: Promise<Trying>) => {
      try {
        const trial = await doing
        setOpened((before) => before && { ...before, trial })
      } catch (error) {
        const problem = asProblem(error)
        // A sandbox that has ended cannot be gone on with.
        if (problem.status === 404 || problem.status === 503) setWrong(problem)
        throw problem
      }
    },
    [],
  )
  const again = () => setRound((before) => before + 1)
  const { trial, type, bpmn } = opened ?? {}
  const name = words(type?.name) || key
  const state = trial?.diagram
  return (
    <div className="trial-page">
      <TypeTabs typeKey={key} on="process" />
      <Bar
        title={
          <>
            <Link to={`/design/${encodeURIComponent(key)}`} className="t13 cut">
              {name}
            </Link>
            <span className="ink3" aria-hidden>
              /
            </span>
            <h1 className="nowrap">{t('tryIt.title')}</h1>
            <Chip tone="violet">{t('tryIt.nothingReal')}</Chip>
          </>
        }
        tools={
          <>
            {trial?.ticket && <Keep trial={trial} told={(path) => void message.success(t('tryIt.kept', { path }))} />}
            <Button onClick={again} disabled={!opened && !wrong}>
              {t('tryIt.again')}
            </Button>
          </>
        }
      />
      <div className="trial">
        <section className="trial-main diagram-box" aria-label={t('tab.diagram')}>
          {bpmn ? (
            <Suspense fallback={<Loading />}>
              <Diagram
                xml={bpmn}
                label={t('tryIt.diagram')}
                done={state ? Object.keys(state.visited).filter((id) => !state.active.includes(id)) : []}
                live={state?.active ?? []}
                stuck={state?.incidents.flatMap(({ element }) => (element ? [element] : [])) ?? []}
                badges={state?.active.map((element) => ({ element, tone: 'brand' as const, text: t('tryIt.here') }))}
              />
            </Suspense>
          ) : wrong ? null : (
            <p className="trial-wait t13 ink2" role="status">
              {t('tryIt.opening')}
            </p>
          )}
        </section>
        <aside className="trial-side" tabIndex={0} role="region" aria-label={t('tryIt.title')}>
          {wrong && <Refused problem={wrong} again={again} />}
          {opened && !wrong && <Panel key={opened.trial.id} trial={opened.trial} type={opened.type} bpmn={opened.bpmn} take={take} />}
        </aside>
      </div>
    </div>
  )
}

/** A draft that has faults cannot be tried: each with its reason. */
function Refused({ problem, again }: { problem: Problem; again: () => void }) {
  return (
    <div className="trial-part">
      <Remark tone="red">{problem.findings.length ? t('tryIt.faults') : problem.message}</Remark>
      <ul className="col g6 t13">
        {problem.findings.map((one, place) => (
          <li key={place} className="prose">
            {one.text}
          </li>
        ))}
      </ul>
      <Button onClick={again}>{t('do.again')}</Button>
    </div>
  )
}
