// Each version: since when, by whom, how many tickets run on it; compare, take it up again, stop taking tickets.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { asProblem, url } from '../../../api/client'
import { useMe } from '../../../api/queries'
import type { Process, ProcessVersion } from '../../../api/types'
import { restoreVersion, retireVersion, versionsChanged } from '../../../api/versions'
import { t } from '../../../i18n/t'
import { Chip, Name } from '../../../ui/bits'
import { when } from '../../../ui/time'

interface Props {
  process: Process
  versions: ProcessVersion[]
  chosen: number | undefined
}

export function VersionList({ process, versions, chosen }: Props) {
  const [, setSearch] = useSearchParams()
  const most = Math.max(1, ...versions.map((one) => one.running))
  return (
    <ul className="version-list">
      {versions.map((version) => (
        <li key={version.version} className="version-row" data-on={version.version === chosen || undefined} data-version={version.version}>
          <button type="button" className="version-choose" aria-pressed={version.version === chosen} onClick={() => setSearch({ version: String(version.version) }, { replace: true })}>
            <span className="row g8">
              <b>{`v${version.version}`}</b>
              <State of={version} process={process} />
              <span className="grow" />
              <span className="version-bar" aria-hidden>
                <i style={{ width: `${(100 * version.running) / most}%` }} />
              </span>
              <span className="t12 nowrap">{t('versions.running', { n: version.running })}</span>
            </span>
            <span className="cap">
              <Name of={version.deployed_by} /> · {when(version.deployed_at)}
            </span>
          </button>
          {version.version === chosen && <Tools of={version} process={process} versions={versions} />}
        </li>
      ))}
    </ul>
  )
}

function State({ of, process }: { of: ProcessVersion; process: Process }) {
  if (of.retired_at) return <Chip>{t('design.retired')}</Chip>
  if (process.rollout?.version === of.version) return <Chip tone="violet">{t('versions.some')}</Chip>
  if (process.rollout ? process.rollout.otherwise === of.version : process.open === of.version) return <Chip tone="teal">{t('design.online')}</Chip>
  return <Chip line>{t('design.older')}</Chip>
}

function Tools({ of, process, versions }: { of: ProcessVersion; process: Process; versions: ProcessVersion[] }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { permissions } = useMe()
  const { message } = App.useApp()
  const [busy, setBusy] = useState<string | null>(null)
  const newest = process.latest
  const before = versions[versions.indexOf(of) + 1]?.version
  const go = (search: Record<string, string>) => void navigate({ search: new URLSearchParams(search).toString() })
  const run = async (what: string, todo: () => Promise<string>) => {
    setBusy(what)
    try {
      void message.success(await todo())
    } catch (error) {
      void message.error(asProblem(error).message)
    } finally {
      setBusy(null)
      void versionsChanged(client)
    }
  }
  const restore = () =>
    run('restore', async () => {
      const { version } = await restoreVersion(process.key, of.version)
      go({ version: String(version) })
      return t('versions.restored', { from: of.version, version })
    })
  const retire = (back: boolean) =>
    run('retire', async () => {
      await retireVersion(process.key, of.version, back)
      return t(back ? 'versions.unretired' : 'versions.retired', { version: of.version })
    })
  const isNewest = of.version === newest
  return (
    <div className="row g6 wrap version-tools">
      {isNewest && before !== undefined && (
        <Button size="small" onClick={() => go({ from: String(before), to: String(newest) })}>
          {t('versions.compareBefore', { version: before })}
        </Button>
      )}
      {!isNewest && (
        <Button size="small" onClick={() => go({ from: String(of.version), to: String(newest) })}>
          {t('versions.compareNewest', { version: newest })}
        </Button>
      )}
      {!isNewest && of.running > 0 && permissions.includes('migrate') && (
        <Button size="small" onClick={() => go({ from: String(of.version), to: String(newest), move: '' })}>
          {t('versions.moveTo', { n: of.running, version: newest })}
        </Button>
      )}
      {!isNewest && permissions.includes('deploy') && (
        <Popconfirm title={t('versions.restoreAsk', { version: of.version })} description={t('versions.restoreWhat', { next: newest + 1, version: of.version })} okText={t('versions.restore')} cancelText={t('do.cancel')} onConfirm={restore}>
          <Button size="small" loading={busy === 'restore'}>
            {t('versions.restore')}
          </Button>
        </Popconfirm>
      )}
      {permissions.includes('deploy') &&
        (of.retired_at ? (
          <Button size="small" loading={busy === 'retire'} onClick={() => void retire(true)}>
            {t('design.unretire')}
          </Button>
        ) : (
          isNewest && (
            <Popconfirm title={t('design.retireAsk')} description={t('design.retireWhat')} okText={t('design.retire')} cancelText={t('do.cancel')} onConfirm={() => retire(false)}>
              <Button size="small" loading={busy === 'retire'}>
                {t('design.retire')}
              </Button>
            </Popconfirm>
          )
        ))}
      <a className="link t12" href={url(`/processes/${encodeURIComponent(process.key)}/versions/${of.version}/package`)} download>
        {t('design.download')}
      </a>
    </div>
  )
}
