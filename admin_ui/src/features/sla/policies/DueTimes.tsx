// What the policies come to for a made-up ticket: due times and reminders, anew with every change.
import { DatePicker, Select, Switch } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { usePreview, type PreviewEvent } from '../../../api/settingsOfDrafts'
import { asProblem } from '../../../api/client'
import { t, words } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { spell } from '../../../ui/open'
import { when } from '../../../ui/time'
import { metricName } from '../metrics'
import { stepsOf, type PolicyDoc } from './model'
import '../../../form/form.css'

const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4']

export function DueTimes({ text, policies }: { text: string; policies: PolicyDoc[] }) {
  const [at, setAt] = useState(() => dayjs().startOf('minute'))
  const [priority, setPriority] = useState('P2')
  const [vip, setVip] = useState(false)
  const steps = [...new Set(policies.filter((one) => one.metric === 'stage').flatMap(stepsOf))]
  const approves = policies.some((one) => one.metric === 'approval')
  const named = steps.join('\n')
  const events = useMemo(() => {
    const moment = at.toISOString()
    const found: PreviewEvent[] = [{ at: moment, kind: 'created', values: { priority, vip } }]
    for (const element of named.split('\n').filter(Boolean)) found.push({ at: moment, kind: 'task_opened', element, id: element })
    if (approves) found.push({ at: moment, kind: 'round_opened', id: 'round' })
    return found
  }, [at, priority, vip, named, approves])
  const { data, error } = usePreview(text, events)
  const end = data?.events.at(-1)
  return (
    <aside className="settings-aside card p16" aria-label={t('sla.preview')}>
      <h2 className="t13">{t('sla.preview')}</h2>
      <DatePicker aria-label={t('sla.previewAt')} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" allowClear={false} value={at} onChange={(next) => next && setAt(next)} style={{ width: '100%' }} />
      <div className="row g12">
        <Select aria-label={t('sla.field.priority')} value={priority} onChange={setPriority} options={PRIORITIES.map((value) => ({ value, label: value }))} />
        <label className="row g6 t13">
          <Switch size="small" checked={vip} onChange={setVip} aria-label={t('sla.field.vip')} />
          {t('sla.field.vip')}
        </label>
      </div>
      {error && <Remark tone="red">{asProblem(error).message}</Remark>}
      <ul className="due-list">
        {end?.clocks.map((clock) => {
          const policy = policies.find((one) => (one.key ?? one.metric) === clock.policy)
          const reminders = end.steps.filter((step) => step.clock === clock.key)
          return (
            <li key={clock.key} data-clock={clock.key}>
              <span className="row apart g8">
                <b className="cut">{words(policy?.name) || metricName(clock.metric)}</b>
                <span className="cap fix">{spell(clock.target)}</span>
              </span>
              {clock.due && <span>{t('sla.due', { at: when(clock.due) })}</span>}
              {reminders.map((step) => (
                <span key={step.step} className="cap">
                  {t('sla.reminderAt', { n: step.step % 100, at: when(step.at) })}
                </span>
              ))}
            </li>
          )
        })}
      </ul>
      {end && !end.clocks.length && <span className="cap">{t('sla.previewNone')}</span>}
    </aside>
  )
}
