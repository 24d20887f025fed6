// One ticket type as it was deployed: the diagram of a version, its versions, what a version holds.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { Download } from 'lucide-react'
import { lazy, Suspense, type ReactNode } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { asProblem, call, newKey, url } from '../../api/client'
import { useMe, useProcesses, useVersion, useVersions } from '../../api/queries'
import type { ProcessVersion } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Chip, Empty, Failed, icon14, Loading, Name } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { Status } from '../../ui/shapes'
import { bytes, when } from '../../ui/time'
import './design.css'

const Diagram = lazy(() => import('../../bpmn/Diagram'))

export function VersionView({ edit }: { edit?: ReactNode }) {
  const { key = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const processes = useProcesses()
  const versions = useVersions(key)
  const chosen = Number(search.get('version')) || versions.data?.items[0]?.version
  const detail = useVersion(key, chosen)
  const process = processes.data?.items.find((one) => one.key === key)
  const name = words(process?.name) || key
  return (
    <>
      <Bar
        title={
          <>
            <Link to="/design" className="t13 nowrap">
              {t('nav.design')}
            </Link>
            <span className="ink3" aria-hidden>
              /
            </span>
            <h1 className="cut">{name}</h1>
          </>
        }
        tools={edit}
      />
      <div className="one-type">
        <section className="one-diagram" aria-label={t('tab.diagram')}>
          {detail.error ? (
            <Failed error={detail.error} again={() => void detail.refetch()} />
          ) : detail.data?.bpmn ? (
            <Suspense fallback={<Loading />}>
              <Diagram key={chosen} xml={detail.data.bpmn} label={t('design.diagramOf', { name, version: chosen ?? 0 })} />
            </Suspense>
          ) : detail.data ? (
            <Empty title={t('diagram.broken')} />
          ) : (
            <Loading />
          )}
        </section>
        <aside className="one-side" tabIndex={0} role="region" aria-label={t('design.versions')}>
          <h2 className="aside-head">{t('design.versions')}</h2>
          {versions.error ? (
            <Failed error={versions.error} again={() => void versions.refetch()} />
          ) : (
            <ul>
              {versions.data?.items.map((version, place) => (
                <li key={version.version}>
                  <Version of={version} newest={place === 0} on={version.version === chosen} choose={() => setSearch({ version: String(version.version) }, { replace: true })} typeKey={key} />
                </li>
              ))}
            </ul>
          )}
          {detail.data && (
            <>
              <h2 className="aside-head">{t('design.statuses')}</h2>
              <ul className="col g6 side-block">
                {detail.data.statuses.map((status) => (
                  <li key={status.key}>
                    <Status of={status} />
                  </li>
                ))}
              </ul>
              <h2 className="aside-head">{t('design.files')}</h2>
              <ul className="col g4 side-block t12">
                {detail.data.files.map((file) => (
                  <li key={file.path} className="row apart g8">
                    <span className="cut">{file.path}</span>
                    <span className="cap fix">{bytes(file.size)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </aside>
      </div>
    </>
  )
}

function Version({ of, newest, on, choose, typeKey }: { of: ProcessVersion; newest: boolean; on: boolean; choose: () => void; typeKey: string }) {
  const client = useQueryClient()
  const { permissions } = useMe()
  const { message } = App.useApp()
  const path = `/processes/${encodeURIComponent(typeKey)}/versions/${of.version}`
  const run = async (what: string) => {
    try {
      await call('POST', `${path}/${what}`, { key: newKey() })
    } catch (error) {
      void message.error(asProblem(error).message)
    }
    for (const key of ['processes', 'types']) void client.invalidateQueries({ queryKey: [key] })
  }
  return (
    <div className="version" data-on={on || undefined}>
      <button type="button" className="version-pick" aria-pressed={on} onClick={choose}>
        <span className="row g8">
          <b>{`v${of.version}`}</b>
          {of.retired_at ? <Chip>{t('design.retired')}</Chip> : newest ? <Chip tone="teal">{t('design.online')}</Chip> : <Chip line>{t('design.older')}</Chip>}
        </span>
        <span className="cap">
          <Name of={of.deployed_by} /> · {when(of.deployed_at)}
        </span>
      </button>
      {on && (
        <div className="row g6 wrap version-tools">
          <a className="ant-link-button" href={url(`${path}/package`)} download>
            <Download {...icon14} />
            {t('design.download')}
          </a>
          {permissions.includes('deploy') &&
            newest &&
            (of.retired_at ? (
              <Button size="small" onClick={() => void run('unretire')}>
                {t('design.unretire')}
              </Button>
            ) : (
              <Popconfirm title={t('design.retireAsk')} description={t('design.retireWhat')} okText={t('design.retire')} cancelText={t('do.cancel')} onConfirm={() => run('retire')}>
                <Button size="small">{t('design.retire')}</Button>
              </Popconfirm>
            ))}
        </div>
      )}
    </div>
  )
}
