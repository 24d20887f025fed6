// What is stuck: each with the reason, and another try.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { CircleAlert, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { asProblem, call, newKey } from '../../api/client'
import { useIncidents, useMe } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { Empty, Failed, icon14, Loading } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { when } from '../../ui/time'
import './running.css'

export default function Running() {
  const { permissions } = useMe()
  const { data, error, refetch } = useIncidents()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [busy, setBusy] = useState<string | null>(null)
  const retry = async (id: string) => {
    setBusy(id)
    try {
      await call('POST', `/process-incidents/${encodeURIComponent(id)}/retry`, { key: newKey() })
      void message.success(t('running.goesOn'))
    } catch (problem) {
      void message.error(asProblem(problem).message)
    } finally {
      setBusy(null)
      void client.invalidateQueries({ queryKey: ['incidents'] })
    }
  }
  const items = data?.items
  return (
    <>
      <Bar title={<h1>{t('nav.running')}</h1>} />
      <div className="page" tabIndex={0} role="region" aria-label={t('nav.running')}>
        <div className="page-inner">
          <h2 className="row g6">
            {!!items?.length && <CircleAlert size={16} color="var(--red-fg)" aria-hidden />}
            {items?.length ? t('running.stuck', { n: items.length }) : t('running.title')}
          </h2>
          {error ? (
            <Failed error={error} again={() => void refetch()} />
          ) : !items ? (
            <Loading />
          ) : !items.length ? (
            <div className="card">
              <Empty title={t('running.none')} text={t('running.noneWhat')} />
            </div>
          ) : (
            <ul className="incidents">
              {items.map((incident) => (
                <li key={incident.id} className="card incident">
                  <div className="row apart g8">
                    <Link className="t12" to={`/work/${encodeURIComponent(incident.ticket)}`}>
                      {incident.ticket}
                    </Link>
                    <span className="cap">{when(incident.created_at)}</span>
                  </div>
                  <b className="t13">{words(incident.element_name) || incident.title}</b>
                  <p className="t13 ink2 prose">{incident.detail ?? incident.code}</p>
                  <span className="cap">
                    {[words(incident.type_name), incident.title, incident.attempts && t('running.attempts', { n: incident.attempts })].filter(Boolean).join(' · ')}
                  </span>
                  {permissions.includes('retry_process_incident') && (
                    <Button size="small" icon={<RotateCcw {...icon14} />} loading={busy === incident.id} onClick={() => void retry(incident.id)}>
                      {t('running.retry')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </>
  )
}
