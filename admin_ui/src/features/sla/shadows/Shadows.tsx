// A new routing table on trial beside the one in force: which, since when, and where the two differ.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { endTrial, tryTable, useDifferences, useShadow } from '../../../api/assignments'
import { asProblem } from '../../../api/client'
import { useDraft } from '../../../api/drafts'
import { t } from '../../../i18n/t'
import { Empty, Loading, Name, Remark } from '../../../ui/bits'
import { when } from '../../../ui/time'
import { SettingsPage } from '../SettingsPage'

export default function Shadows() {
  const { key = '' } = useParams()
  const client = useQueryClient()
  const shadow = useShadow(key)
  const differences = useDifferences(key)
  const tables = (useDraft(key).data?.files ?? []).flatMap((file) => /^decisions\/(.+)\.dmn$/.exec(file.path)?.[1] ?? [])
  const [decision, setDecision] = useState<string>()
  const [wrong, setWrong] = useState<string | null>(null)
  const run = async (todo: () => Promise<unknown>) => {
    setWrong(null)
    try {
      await todo()
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.findings[0]?.text ?? problem.errors[0]?.detail ?? problem.message)
    }
    client.removeQueries({ queryKey: ['shadow', key], exact: true })
    await client.invalidateQueries({ queryKey: ['shadow', key] })
  }
  const on = shadow.data && !shadow.error
  return (
    <SettingsPage on="routing" wrong={wrong}>
      <section className="card p16 col g12">
        <p className="t13 ink2">{t('sla.shadow.what')}</p>
        {on ? (
          <div className="row g12 wrap">
            <Remark tone="violet">{t('sla.shadow.on', { decision: shadow.data.decision, at: when(shadow.data.set_at) })}</Remark>
            <Button onClick={() => void run(() => endTrial(key))}>{t('sla.shadow.end')}</Button>
          </div>
        ) : (
          <div className="row g8 wrap">
            <Select aria-label={t('sla.shadow.table')} placeholder={t('sla.shadow.table')} style={{ minWidth: 200 }} value={decision} onChange={setDecision} options={tables.map((one) => ({ value: one, label: one }))} />
            <Button type="primary" disabled={!decision} onClick={() => decision && void run(() => tryTable(key, decision))}>
              {t('sla.shadow.begin')}
            </Button>
          </div>
        )}
      </section>
      <section className="card">
        {!differences.data ? (
          <Loading />
        ) : differences.data.items.length ? (
          <table className="table cards" aria-label={t('sla.shadow.differences')}>
            <thead>
              <tr>
                <th>{t('sla.shadow.ticket')}</th>
                <th>{t('sla.shadow.step')}</th>
                <th>{t('sla.shadow.now')}</th>
                <th>{t('sla.shadow.new')}</th>
                <th>{t('sla.channel.at')}</th>
              </tr>
            </thead>
            <tbody>
              {differences.data.items.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link to={`/work/${encodeURIComponent(one.ticket)}`}>{one.title}</Link>
                  </td>
                  <td data-label={t('sla.shadow.step')}>{one.name}</td>
                  <td data-label={t('sla.shadow.now')}>{one.chosen ? <Name of={one.chosen} /> : t('sla.shadow.nobody')}</td>
                  <td data-label={t('sla.shadow.new')}>{one.shadow?.chosen ? <Name of={one.shadow.chosen} /> : t('sla.shadow.nobody')}</td>
                  <td data-label={t('sla.channel.at')}>{when(one.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <Empty title={t('sla.shadow.none')} text={t('sla.shadow.noneWhat')} />
        )}
      </section>
    </SettingsPage>
  )
}
