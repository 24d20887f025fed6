// Who takes the newest version while it is tried by some: departments, and a share of all others.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Select, Slider } from 'antd'
import { useState } from 'react'
import { asProblem } from '../../../api/client'
import { useDepartments, useMe } from '../../../api/queries'
import type { Process, ProcessVersion } from '../../../api/types'
import { endRollout, setRollout, versionsChanged, type Rollout } from '../../../api/versions'
import { t, words } from '../../../i18n/t'

export function RolloutCard({ process, versions }: { process: Process; versions: ProcessVersion[] }) {
  const client = useQueryClient()
  const { permissions } = useMe()
  const { message } = App.useApp()
  const departments = useDepartments()
  const [editing, setEditing] = useState<Rollout | null>(null)
  const [busy, setBusy] = useState(false)
  const { rollout, latest } = process
  const others = versions.filter((one) => one.version !== latest && !one.retired_at)
  const nameOf = (key: string) => {
    const found = departments.data?.items.find((one) => one.key === key)
    return words(found?.name) || key
  }
  const run = async (todo: Promise<void>, said: string) => {
    setBusy(true)
    try {
      await todo
      setEditing(null)
      void message.success(said)
    } catch (error) {
      const problem = asProblem(error)
      void message.error([problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
    } finally {
      setBusy(false)
      void versionsChanged(client)
    }
  }
  if (!permissions.includes('deploy') || (!rollout && !others.length)) return null
  const begin = () => setEditing({ otherwise: rollout?.otherwise ?? others[0]!.version, departments: rollout?.departments ?? [], percent: rollout?.percent ?? 10 })
  return (
    <section className="side-card" aria-label={t('versions.who')}>
      <h2>{t('versions.who')}</h2>
      {!editing && (
        <>
          <p className="t13 prose">
            {process.open === null
              ? t('versions.nobody')
              : rollout
                ? [
                    t('versions.some.version', { version: rollout.version }),
                    [rollout.departments.length && rollout.departments.map(nameOf).join(t('list.comma')), rollout.percent > 0 && t('versions.some.percent', { n: rollout.percent })].filter(Boolean).join(t('versions.some.and')) || t('versions.some.nobody'),
                    t('versions.some.otherwise', { version: rollout.otherwise }),
                  ].join('')
                : t('versions.everybody', { version: latest })}
          </p>
          <div className="row g6 wrap">
            {others.length > 0 && process.open !== null && (
              <Button size="small" onClick={begin}>
                {t(rollout ? 'versions.changeRollout' : 'versions.someFirst')}
              </Button>
            )}
            {rollout && (
              <Button size="small" loading={busy} onClick={() => void run(endRollout(process.key), t('versions.rolledOut', { version: latest }))}>
                {t('versions.giveAll', { version: latest })}
              </Button>
            )}
          </div>
        </>
      )}
      {editing && (
        <div className="col g12">
          <label className="col g4 t13">
            {t('versions.departments')}
            <Select
              mode="multiple"
              value={editing.departments}
              onChange={(departments) => setEditing({ ...editing, departments })}
              placeholder={t('versions.noDepartment')}
              aria-label={t('versions.departments')}
              options={departments.data?.items.map(({ key }) => ({ value: key, label: nameOf(key) }))}
              optionFilterProp="label"
            />
          </label>
          <div className="col t13">
            <span>{t('versions.percent', { n: editing.percent ?? 0 })}</span>
            <Slider min={0} max={100} step={5} value={editing.percent} onChange={(percent) => setEditing({ ...editing, percent })} ariaLabelForHandle={t('versions.percent', { n: editing.percent ?? 0 })} />
          </div>
          <label className="col g4 t13">
            {t('versions.otherwise')}
            <Select value={editing.otherwise} onChange={(otherwise) => setEditing({ ...editing, otherwise })} aria-label={t('versions.otherwise')} options={others.map(({ version }) => ({ value: version, label: `v${version}` }))} />
          </label>
          <div className="row g6">
            <Button type="primary" size="small" loading={busy} onClick={() => void run(setRollout(process.key, editing), t('versions.rolloutSet'))}>
              {t('versions.setRollout')}
            </Button>
            <Button size="small" onClick={() => setEditing(null)}>
              {t('do.cancel')}
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}
