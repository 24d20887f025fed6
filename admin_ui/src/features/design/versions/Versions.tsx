// The versions of a ticket type: which runs, who takes it, what changed, and tickets that move along.
import { lazy, Suspense } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { useMe, useVersion, useVersions } from '../../../api/queries'
import { useProcess } from '../../../api/versions'
import { t, words } from '../../../i18n/t'
import { Chip, Failed, Loading } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { TypeTabs } from '../TypeTabs'
import { Migrations } from './Migrations'
import { Publish } from './Publish'
import { RolloutCard } from './RolloutCard'
import { VersionList } from './VersionList'
import './versions.css'

const Diagram = lazy(() => import('../../../bpmn/Diagram'))
const Compare = lazy(() => import('./Compare'))
const Move = lazy(() => import('./Move'))

/** What the address asks for: two versions to compare, tickets to move, or one version. */
function useAsked() {
  const [search] = useSearchParams()
  const number = (name: string) => Number(search.get(name)) || undefined
  return { version: number('version'), from: number('from'), to: number('to'), moves: search.has('move') }
}

export default function Versions() {
  const { key = '' } = useParams()
  const asked = useAsked()
  const process = useProcess(key)
  const versions = useVersions(key)
  const { permissions } = useMe()
  const name = words(process.data?.name) || key
  const pair = asked.from && asked.to ? { from: asked.from, to: asked.to } : null
  const here = `/design/${encodeURIComponent(key)}`
  return (
    <div className="versions-page">
      {!pair && <TypeTabs typeKey={key} on="versions" />}
      <Bar
        title={
          <>
            <Link to="/design" className="t13 nowrap wide-only">
              {t('nav.design')}
            </Link>
            <span className="ink3 wide-only" aria-hidden>
              /
            </span>
            <Link to={here} className="t13 cut">
              {name}
            </Link>
            <span className="ink3" aria-hidden>
              /
            </span>
            {pair ? (
              <>
                <Link to={`${here}/versions`} className="t13 nowrap">
                  {t('versions.title')}
                </Link>
                <span className="ink3" aria-hidden>
                  /
                </span>
                <h1 className="nowrap">{t(asked.moves ? 'versions.move' : 'versions.compare')}</h1>
                <Chip line>{`v${pair.from}`}</Chip>
                <span aria-hidden>→</span>
                <Chip tone="brand">{`v${pair.to}`}</Chip>
              </>
            ) : (
              <h1 className="nowrap">{t('versions.title')}</h1>
            )}
          </>
        }
        tools={!pair && process.data?.has_draft && permissions.includes('deploy') ? <Publish typeKey={key} /> : undefined}
      />
      {process.error || versions.error ? (
        <Failed error={process.error ?? versions.error} again={() => void Promise.all([process.refetch(), versions.refetch()])} />
      ) : !process.data || !versions.data ? (
        <Loading />
      ) : pair ? (
        <Suspense fallback={<Loading />}>
          {asked.moves ? <Move key={`${pair.from}-${pair.to}`} typeKey={key} {...pair} /> : <Compare typeKey={key} {...pair} versions={versions.data.items} />}
        </Suspense>
      ) : (
        <div className="versions">
          <One typeKey={key} name={name} version={asked.version ?? versions.data.items[0]?.version} />
          <aside className="versions-side" tabIndex={0} role="region" aria-label={t('versions.title')}>
            <VersionList process={process.data} versions={versions.data.items} chosen={asked.version ?? versions.data.items[0]?.version} />
            <RolloutCard process={process.data} versions={versions.data.items} />
            {permissions.includes('migrate') && <Migrations typeKey={key} />}
          </aside>
        </div>
      )}
    </div>
  )
}

function One({ typeKey, name, version }: { typeKey: string; name: string; version: number | undefined }) {
  const detail = useVersion(typeKey, version)
  return (
    <section className="versions-main diagram-box" aria-label={t('tab.diagram')}>
      {detail.error ? (
        <Failed error={detail.error} again={() => void detail.refetch()} />
      ) : detail.data?.bpmn ? (
        <Suspense fallback={<Loading />}>
          <Diagram key={version} xml={detail.data.bpmn} label={t('design.diagramOf', { name, version: version ?? 0 })} />
        </Suspense>
      ) : (
        <Loading />
      )}
    </section>
  )
}
