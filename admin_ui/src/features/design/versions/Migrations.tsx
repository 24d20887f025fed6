// Migrations under way and done: how far each is, rest and go on, move back, and what stayed with the reason.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { asProblem } from '../../../api/client'
import { steer, useMigrations, useStayed, type Migration } from '../../../api/versions'
import { t } from '../../../i18n/t'
import { Chip, Name } from '../../../ui/bits'
import { when } from '../../../ui/time'

export function Migrations({ typeKey }: { typeKey: string }) {
  const client = useQueryClient()
  const { data } = useMigrations(typeKey, true)
  // Each ticket that has moved changes how many run on which version.
  const moved = data?.items.map(({ id, phase, counts }) => id + phase + JSON.stringify(counts)).join()
  useEffect(() => void (moved && client.invalidateQueries({ queryKey: ['processes', typeKey] })), [moved, client, typeKey])
  if (!data?.items.length) return null
  return (
    <section className="side-card" aria-label={t('versions.migrations')}>
      <h2>{t('versions.migrations')}</h2>
      <ul className="col g12">
        {data.items.map((one) => (
          <li key={one.id}>
            <One of={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const TONES = { running: 'brand', paused: 'amber', done: 'teal', failed: 'red' } as const
type State = keyof typeof TONES

function One({ of }: { of: Migration }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const state = of.state as State
  const back = of.phase === 'back'
  const count = (...names: string[]) => names.reduce((sum, name) => sum + (of.counts[name] ?? 0), 0)
  const left = count('pending', 'undoing')
  const moved = count('migrated')
  const run = async (what: 'pause' | 'resume' | 'undo') => {
    setBusy(true)
    try {
      await steer(of.id, what)
    } catch (error) {
      void message.error(asProblem(error).message)
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: ['migrations'] })
    }
  }
  return (
    <div className="migration" data-migration={of.id} data-state={state} data-phase={of.phase}>
      <span className="row g8">
        <b className="t13">{back ? `v${of.to} → v${of.from}` : `v${of.from} → v${of.to}`}</b>
        <Chip tone={TONES[state]}>{t(`versions.state.${state}`)}</Chip>
        <span className="grow" />
        <span className="cap">
          <Name of={of.created_by} /> · {when(of.created_at)}
        </span>
      </span>
      <Progress percent={of.total ? Math.round((100 * (of.total - left)) / of.total) : 100} size="small" status={state === 'failed' ? 'exception' : state === 'running' ? 'active' : 'normal'} aria-label={t('versions.progress')} />
      <span className="t12 ink2">
        {[
          moved && t('versions.n.migrated', { n: moved }),
          count('undone') && t('versions.n.undone', { n: count('undone') }),
          left && t('versions.n.left', { n: left }),
          count('refused') && t('versions.n.refused', { n: count('refused') }),
          count('skipped', 'stays') && t('versions.n.skipped', { n: count('skipped', 'stays') }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {of.reason && <span className="t12 tone-red fg">{of.reason}</span>}
      <Stayed of={of} />
      <span className="row g6">
        {state === 'running' && (
          <Button size="small" loading={busy} onClick={() => void run('pause')}>
            {t('versions.pause')}
          </Button>
        )}
        {(state === 'paused' || state === 'failed') && (
          <Button size="small" loading={busy} onClick={() => void run('resume')}>
            {t('versions.resume')}
          </Button>
        )}
        {!back && moved > 0 && (
          <Popconfirm title={t('versions.undoAsk', { n: moved, version: of.from })} description={t('versions.undoWhat')} okText={t('versions.undo')} cancelText={t('do.cancel')} onConfirm={() => run('undo')}>
            <Button size="small" loading={busy}>
              {t('versions.undo')}
            </Button>
          </Popconfirm>
        )}
      </span>
    </div>
  )
}

function Stayed({ of }: { of: Migration }) {
  const { data } = useStayed(of)
  if (!data?.items.length) return null
  return (
    <ul className="col g4 t12">
      {data.items.slice(0, 5).map((one) => (
        <li key={one.number} className="prose">
          <Link to={`/work/${encodeURIComponent(one.number)}`}>{one.number}</Link> {one.problems[0]?.text}
        </li>
      ))}
    </ul>
  )
}
