// The channels, each tried with a message of its own.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, Input, Popconfirm, Switch } from 'antd'
import { useState } from 'react'
import { removeChannel, saveChannel, testChannel, useChannelKinds, useChannels, type Channel, type ChannelKind } from '../../../api/channels'
import { asProblem } from '../../../api/client'
import { t } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { PlusIcon } from '../../../ui/Frame'
import { EditChannel } from './EditChannel'

export function Channels() {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data, error, refetch } = useChannels()
  const kinds = useChannelKinds().data?.items ?? []
  const [editing, setEditing] = useState<{ of: Channel | null; kind: ChannelKind } | null>(null)
  const run = async (todo: () => Promise<unknown>, done: string) => {
    try {
      await todo()
      await client.invalidateQueries({ queryKey: ['channels'] })
      void message.success(done)
    } catch (failure) {
      const problem = asProblem(failure)
      void message.error(problem.errors[0]?.detail ?? problem.message)
    }
  }
  const edit = (of: Channel) => {
    const kind = kinds.find((one) => one.kind === of.kind)
    if (kind) setEditing({ of, kind })
  }
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div className="col g12">
      <div className="card">
        {data.items.length ? (
          <table className="table cards" aria-label={t('sla.channel.title')}>
            <thead>
              <tr>
                <th>{t('sla.channel.name')}</th>
                <th>{t('sla.channel.kind')}</th>
                <th>{t('sla.channel.active')}</th>
                <th>{t('sla.channel.tools')}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((one) => (
                <tr key={one.key} data-channel={one.key}>
                  <td>
                    <button type="button" className="link" onClick={() => edit(one)}>
                      {one.name}
                    </button>
                  </td>
                  <td data-label={t('sla.channel.kind')}>{kinds.find((kind) => kind.kind === one.kind)?.name ?? one.kind}</td>
                  <td data-label={t('sla.channel.active')}>
                    <Switch size="small" aria-label={t('sla.channel.activeOf', { name: one.name })} checked={one.active} onChange={(active) => void run(() => saveChannel(one, { active }), t('sla.saved'))} />
                  </td>
                  <td>
                    <Tools channel={one} personal={!!kinds.find((kind) => kind.kind === one.kind)?.personal} run={run} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <Empty title={t('sla.channel.none')} text={t('sla.channel.noneWhat')} />
        )}
      </div>
      <div>
        <Dropdown trigger={['click']} menu={{ items: kinds.filter((kind) => kind.settings.length).map((kind) => ({ key: kind.kind, label: kind.name, onClick: () => setEditing({ of: null, kind }) })) }}>
          <Button type="primary" icon={<PlusIcon />}>
            {t('sla.channel.add')}
          </Button>
        </Dropdown>
      </div>
      {editing && <EditChannel of={editing.of} kind={editing.kind} close={() => setEditing(null)} />}
    </div>
  )
}

function Tools({ channel, personal, run }: { channel: Channel; personal: boolean; run: (todo: () => Promise<unknown>, done: string) => Promise<void> }) {
  const [target, setTarget] = useState('')
  return (
    <span className="row g8 wrap">
      {personal && <Input size="small" aria-label={t('sla.channel.targetOf', { name: channel.name })} placeholder={t('sla.channel.target')} style={{ width: 180 }} value={target} onChange={(event) => setTarget(event.target.value.trim())} />}
      <Button size="small" disabled={personal && !target} onClick={() => void run(() => testChannel(channel.key, target || null), t('sla.channel.tested'))}>
        {t('sla.channel.test')}
      </Button>
      <Popconfirm title={t('sla.channel.removeAsk')} okText={t('sla.remove')} cancelText={t('do.cancel')} onConfirm={() => run(() => removeChannel(channel.key), t('sla.channel.removed'))}>
        <Button size="small" danger>
          {t('sla.remove')}
        </Button>
      </Popconfirm>
    </span>
  )
}
