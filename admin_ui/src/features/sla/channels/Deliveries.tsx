// What went out, waits or was given up; what was given up can be tried again.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { redrive, useDeliveries } from '../../../api/channels'
import { asProblem } from '../../../api/client'
import { t } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { when } from '../../../ui/time'

const STATES = ['dead', 'waiting', 'sent'] as const

export function Deliveries() {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [state, setState] = useState<(typeof STATES)[number]>('dead')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeliveries(state)
  const rows = data?.pages.flatMap((page) => page.items)
  const again = async (id: string) => {
    try {
      await redrive(id)
      void message.success(t('sla.channel.redriven'))
    } catch (failure) {
      void message.error(asProblem(failure).message)
    }
    await client.invalidateQueries({ queryKey: ['deliveries'] })
  }
  return (
    <div className="col g12">
      <div>
        <Segmented aria-label={t('sla.channel.state')} value={state} onChange={setState} options={STATES.map((one) => ({ value: one, label: t(`sla.delivery.${one}`) }))} />
      </div>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : !rows ? (
        <Loading />
      ) : !rows.length ? (
        <div className="card">
          <Empty title={t('sla.channel.noDeliveries')} />
        </div>
      ) : (
        <div className="card">
          <table className="table cards" aria-label={t('sla.channel.deliveries')}>
            <thead>
              <tr>
                <th>{t('sla.channel.at')}</th>
                <th>{t('sla.channel.over')}</th>
                <th>{t('sla.channel.subject')}</th>
                <th>{t('sla.channel.error')}</th>
                <th>{t('sla.channel.tools')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.id}>
                  <td data-label={t('sla.channel.at')}>{when(one.created_at)}</td>
                  <td data-label={t('sla.channel.over')}>{[one.channel, one.user ?? one.target].filter(Boolean).join(' · ')}</td>
                  <td data-label={t('sla.channel.subject')}>{one.ticket ? <Link to={`/work/${encodeURIComponent(one.ticket)}`}>{one.subject}</Link> : one.subject}</td>
                  <td data-label={t('sla.channel.error')}>{one.last_error}</td>
                  <td>
                    {one.state === 'dead' && (
                      <Button size="small" onClick={() => void again(one.id)}>
                        {t('do.again')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('do.more')}
        </Button>
      )}
    </div>
  )
}
