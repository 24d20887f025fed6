// How long a step may take, and what happens when it takes longer.
import { Button } from 'antd'
import { AlarmClock, Bell, Plus } from 'lucide-react'
import { Link } from 'react-router'
import { kindOf, type Drawn } from '../../../bpmn/parts'
import { addDeadline } from '../../../bpmn/placing'
import { isApproval, propertiesOf, readTimer } from '../../../bpmn/settings'
import { templateOf } from '../../../bpmn/steps'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { ApprovalTime } from './Approval'
import { useDesk, useSet } from './context'
import { readLength } from './duration'
import { titleOf } from './facts'
import { AsWritten, LengthSetting, Question } from './Fields'
import { namedIn } from './names'

export function TimeTab({ of }: { of: Drawn }) {
  const { part, pick, typeKey } = useDesk()
  const due = propertiesOf(of).due ?? ''
  const set = useSet(of)
  const timers = (of.attachers ?? []).filter((one) => kindOf(one) === 'BoundaryEvent' && readTimer(one))
  return (
    <>
      {isApproval(of) ? (
        <ApprovalTime of={of} />
      ) : (
        <Question label={t('designer.due')} help={t('designer.dueHelp')}>
          {due.startsWith('=') ? <AsWritten label={t('designer.due')} value={due} onChange={(text) => set({ due: text })} /> : <LengthSetting label={t('designer.due')} value={due} onChange={(text) => set({ due: text })} />}
        </Question>
      )}
      <Question label={t('designer.deadlines')} help={t('designer.deadlinesHelp')}>
        {timers.map((timer) => (
          <button key={timer.id} type="button" className="link row g6 t13" onClick={() => pick(timer.id)}>
            <AlarmClock {...icon14} />
            {titleOf(timer)} · {spoken(readTimer(timer)!.text)}
          </button>
        ))}
        <Button type="link" size="small" className="pd-flush" icon={<Plus {...icon14} />} onClick={() => addDeadline(part, of, { ...templateOf('timer')!, type: 'bpmn:BoundaryEvent', id: 'late' }, namedIn('late'))}>
          {t('designer.addDeadline')}
        </Button>
      </Question>
      <Question label={t('designer.elsewhere')}>
        <Link className="row g6 t13" to={`/design/${encodeURIComponent(typeKey)}/sla`}>
          <AlarmClock {...icon14} />
          {t('designer.toSla')}
        </Link>
        <Link className="row g6 t13" to={`/design/${encodeURIComponent(typeKey)}/notifications`}>
          <Bell {...icon14} />
          {t('designer.toNotifications')}
        </Link>
      </Question>
    </>
  )
}

function spoken(text: string): string {
  const length = readLength(text)
  return length ? t('designer.after', { count: length.count, unit: t(`designer.unit.${length.unit}`) }) : text
}
