// One act on the chosen tickets, and what became of each.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, Modal, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { asProblem } from '../../api/client'
import { findPeople } from '../../api/queries'
import { beginRun, useRun, type Act } from '../../api/workspace'
import { t } from '../../i18n/t'
import { PersonSelect } from './PersonSelect'

const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4'] as const

export function BulkBar({ chosen, clear }: { chosen: string[]; clear: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [run, setRun] = useState<string>()
  const [assigning, setAssigning] = useState(false)
  const [closing, setClosing] = useState(false)
  const found = useRun(run).data
  const ended = !!found && !found.pending
  useEffect(() => {
    if (ended) for (const key of ['tickets', 'ticket', 'counts', 'tasks']) void client.invalidateQueries({ queryKey: [key] })
  }, [ended, client])
  const begin = async (act: Act) => {
    try {
      setRun((await beginRun(chosen, act)).id)
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  const refused = found?.results.filter((one) => one.status === 'refused') ?? []
  const leave = () => {
    setRun(undefined)
    clear()
  }
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('bulk.title')}>
      <b className="t13">{t('bulk.chosen', { n: chosen.length })}</b>
      <span className="grow" />
      <Button size="small" onClick={() => setAssigning(true)}>
        {t('do.assign')}
      </Button>
      <Dropdown trigger={['click']} menu={{ items: PRIORITIES.map((key) => ({ key, label: `${key} ${t(`priority.${key}`)}` })), onClick: ({ key }) => void begin({ act: 'priority', priority: key }) }}>
        <Button size="small">{t('work.priority')}</Button>
      </Dropdown>
      <Button size="small" onClick={() => void begin({ act: 'claim' })}>
        {t('do.claim')}
      </Button>
      <Button size="small" danger onClick={() => setClosing(true)}>
        {t('bulk.close')}
      </Button>
      <Button size="small" type="text" onClick={clear}>
        {t('do.cancel')}
      </Button>
      {assigning && (
        <Modal open title={t('do.assign')} footer={null} onCancel={() => setAssigning(false)}>
          <PersonSelect
            find={findPeople}
            label={t('ticket.assignTo')}
            onChosen={(user) => {
              setAssigning(false)
              void begin({ act: 'assign', user })
            }}
          />
        </Modal>
      )}
      <Modal
        open={closing}
        title={t('bulk.closeTitle', { n: chosen.length })}
        okText={t('bulk.close')}
        cancelText={t('do.cancel')}
        okButtonProps={{ danger: true }}
        onCancel={() => setClosing(false)}
        onOk={() => {
          setClosing(false)
          void begin({ act: 'close' })
        }}
      >
        <p className="t13">{t('bulk.closeWhat')}</p>
      </Modal>
      {found && (
        <Modal open title={t('bulk.result')} onCancel={leave} footer={<Button onClick={leave}>{t('do.close')}</Button>}>
          <Progress percent={Math.round(((found.total - found.pending) / found.total) * 100)} aria-label={t('bulk.progress')} />
          <p className="t13" role="status">
            {t('bulk.done', { done: found.done, refused: found.refused })}
          </p>
          <ul className="col g6">
            {refused.map((one) => (
              <li key={one.number} className="t13">
                <b>{one.number}</b> <span className="ink2">{one.detail}</span>
              </li>
            ))}
          </ul>
        </Modal>
      )}
    </div>
  )
}
