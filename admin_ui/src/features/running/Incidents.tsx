// What is stuck in a type: each with the reason, and another try.
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { CircleAlert, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { asProblem, call, newKey } from '../../api/client'
import { useMe } from '../../api/queries'
import type { Page, ProcessIncident } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Failed, icon14, Loading } from '../../ui/bits'
import { when } from '../../ui/time'

export function Incidents({ of, type }: { of: UseQueryResult<Page<ProcessIncident>>; type: string }) {
  const here = of.data?.items.filter((one) => one.type === type)
  return (
    <section className="side-part" aria-label={t('running.title')}>
      <h2 className="row g6">
        {!!here?.length && <CircleAlert size={16} color="var(--red-fg)" aria-hidden />}
        {here?.length ? t('running.stuck', { n: here.length }) : t('running.title')}
      </h2>
      {of.error ? (
        <Failed error={of.error} again={() => void of.refetch()} />
      ) : !here ? (
        <Loading />
      ) : !here.length ? (
        <div className="t13">
          <b>{t('running.none')}</b>
          <p className="ink2">{t('running.noneWhat')}</p>
        </div>
      ) : (
        <ul className="col g8">
          {here.map((one) => (
            <li key={one.id}>
              <Incident of={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Incident({ of }: { of: ProcessIncident }) {
  const client = useQueryClient()
  const { permissions } = useMe()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    setBusy(true)
    try {
      await call('POST', `/process-incidents/${encodeURIComponent(of.id)}/retry`, { key: newKey() })
      void message.success(t('running.goesOn'))
    } catch (problem) {
      void message.error(asProblem(problem).message)
    } finally {
      setBusy(false)
      for (const name of ['incidents', 'tickets']) void client.invalidateQueries({ queryKey: [name] })
    }
  }
  return (
    <div className="card incident">
      <div className="row apart g8">
        <Link className="t12" to={`/work/${encodeURIComponent(of.ticket)}`}>
          {of.ticket}
        </Link>
        <span className="cap">{when(of.created_at)}</span>
      </div>
      <b className="t13">{words(of.element_name) || of.title}</b>
      <p className="t13 ink2 prose">{of.detail ?? of.code}</p>
      <span className="cap">{[of.title, of.attempts && t('running.attempts', { n: of.attempts })].filter(Boolean).join(' · ')}</span>
      {permissions.includes('retry_process_incident') && (
        <Button size="small" icon={<RotateCcw {...icon14} />} loading={busy} onClick={() => void retry()}>
          {t('running.retry')}
        </Button>
      )}
    </div>
  )
}
