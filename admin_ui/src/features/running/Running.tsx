// A type at work: heat per step, what is stuck, the tickets on a step, how many run on each version.
import { Segmented, Select } from 'antd'
import { lazy, Suspense, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { useIncidents, useProcesses, useVersion, useVersions } from '../../api/queries'
import { useRunning } from '../../api/running'
import { t, words } from '../../i18n/t'
import { Empty, Failed, Loading } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { drawn, MEASURES, type Measure } from './heat'
import { Incidents } from './Incidents'
import './running.css'
import { Standing } from './Standing'
import { OnVersions } from './OnVersions'

const Diagram = lazy(() => import('../../bpmn/Diagram'))

export default function Running() {
  const [search, setSearch] = useSearchParams()
  const processes = useProcesses()
  const incidents = useIncidents()
  const all = processes.data?.items ?? []
  const key = search.get('type') ?? all[0]?.key
  const version = Number(search.get('version')) || undefined
  const measure = (MEASURES.find((one) => one === search.get('by')) ?? 'count') as Measure
  const step = search.get('step')
  const set = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search)
    for (const [name, value] of Object.entries(changes)) if (value === null) next.delete(name)
      else next.set(name, value)
    setSearch(next, { replace: true })
  }
  const name = words(all.find((one) => one.key === key)?.name) || (key ?? '')
  return (
    <>
      <Bar
        title={
          <>
            <h1 className="nowrap">{t('nav.running')}</h1>
            <Select
              size="small"
              className="running-type"
              value={key}
              aria-label={t('versions.at.type')}
              showSearch
              optionFilterProp="label"
              popupMatchSelectWidth={false}
              onChange={(type) => set({ type, version: null, step: null })}
              options={all.map((one) => ({ value: one.key, label: words(one.name) }))}
            />
          </>
        }
        tools={
          <Segmented
            size="small"
            aria-label={t('versions.at.measure')}
            value={measure}
            onChange={(by) => set({ by: by === 'count' ? null : by })}
            options={MEASURES.map((value) => ({ value, label: t(`versions.measure.${value}`) }))}
          />
        }
      />
      {processes.error ? (
        <Failed error={processes.error} again={() => void processes.refetch()} />
      ) : !processes.data ? (
        <Loading />
      ) : !key ? (
        <Empty title={t('design.none')} />
      ) : (
        <AtWork key={key} typeKey={key} name={name} version={version} measure={measure} step={step} set={set} stuck={<Incidents of={incidents} type={key} />} />
      )}
    </>
  )
}

interface AtWorkProps {
  typeKey: string
  name: string
  version: number | undefined
  measure: Measure
  step: string | null
  set: (changes: Record<string, string | null>) => void
  stuck: React.ReactNode
}

function AtWork({ typeKey, name, version, measure, step, set, stuck }: AtWorkProps) {
  const running = useRunning(typeKey, version)
  const versions = useVersions(typeKey)
  // All versions together are drawn on the one that most tickets run on.
  const busiest = versions.data?.items.reduce((most, one) => (one.running > most.running ? one : most))
  const shown = useVersion(typeKey, version ?? busiest?.version)
  const look = useMemo(() => drawn(running.data, measure), [running.data, measure])
  const error = running.error ?? versions.error ?? shown.error
  if (error) return <Failed error={error} again={() => void Promise.all([running.refetch(), versions.refetch(), shown.refetch()])} />
  if (!running.data || !versions.data || !shown.data?.bpmn) return <Loading />
  const { running: all, at_risk, breached, paused } = running.data
  const figures = [
    ['all', all, ''],
    ['risk', at_risk, 'tone-amber'],
    ['late', breached, 'tone-red'],
    ['paused', paused, ''],
  ] as const
  return (
    <div className="running">
      <section className="running-main diagram-box" aria-label={t('tab.diagram')}>
        <Suspense fallback={<Loading />}>
          <Diagram xml={shown.data.bpmn} label={t('versions.at.diagram', { name })} tints={look.tints} badges={look.badges} picked={step} onPick={(element) => set({ step: element === step ? null : element })} />
        </Suspense>
        <div className="legend">
          <span>
            {t(`versions.legend.${measure}`)}
            <em className="heat-scale" aria-hidden>
              {[1, 2, 3, 4].map((one) => (
                <i key={one} style={{ background: `var(--h${one})` }} />
              ))}
            </em>
            {t('versions.legend.scale')}
          </span>
        </div>
      </section>
      <aside className="running-side" tabIndex={0} role="region" aria-label={t('versions.at.overview')}>
        <section className="side-part">
          <h2>{t('versions.at.overview')}</h2>
          <dl className="figures">
            {figures.map(([figure, n, tone]) => (
              <div key={figure} className="figure">
                <dt className={tone && n ? `${tone} fg` : 'ink2'}>{t(`versions.figure.${figure}`)}</dt>
                <dd className={tone && n ? `${tone} fg` : undefined}>{n}</dd>
              </div>
            ))}
          </dl>
        </section>
        {stuck}
        <OnVersions typeKey={typeKey} versions={versions.data.items} on={version} choose={(one) => set({ version: one === undefined ? null : String(one), step: null })} />
      </aside>
      <Standing typeKey={typeKey} version={version} element={step} total={all} every={() => set({ step: null })} />
    </div>
  )
}
