// The targets of a policy, the first that fits counts.
import { Button, Select } from 'antd'
import { Trash2 } from 'lucide-react'
import type { PickField } from '../../../feel/condition'
import { ConditionPicker } from '../../../feel/ConditionPicker'
import { t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { PlusIcon } from '../../../ui/Frame'
import { LengthInput } from '../LengthInput'
import { trimmed, type GoalDoc } from './model'

interface Props {
  goals: GoalDoc[]
  fields: PickField[]
  calendars: { value: string; label: string }[]
  onChange: (goals: GoalDoc[]) => void
}

export function Goals({ goals, fields, calendars, onChange }: Props) {
  const put = (at: number, part: Partial<GoalDoc>) => onChange(goals.map((one, place) => (place === at ? trimmed({ ...one, ...part }) : one)))
  return (
    <div className="settings-rows">
      {goals.map((goal, at) => (
        <div key={at} className="settings-row" role="group" aria-label={t('sla.goalN', { n: at + 1 })}>
          <div className="col g8">
            <ConditionPicker label={t('sla.goalWhen', { n: at + 1 })} value={goal.when ?? ''} fields={fields} onChange={(when) => put(at, { when })} />
            <div className="settings-fields">
              <span className="t13 ink2">{t('sla.target')}</span>
              <LengthInput label={t('sla.targetN', { n: at + 1 })} value={goal.target ?? ''} onChange={(target) => put(at, { target })} />
              <Select aria-label={t('sla.calendarN', { n: at + 1 })} allowClear placeholder={t('sla.usualCalendarShort')} style={{ minWidth: 160 }} value={goal.calendar} onChange={(calendar?: string) => put(at, { calendar })} options={calendars} />
            </div>
          </div>
          <IconButton label={t('sla.removeGoal', { n: at + 1 })} onClick={() => onChange(goals.filter((_, place) => place !== at))}>
            <Trash2 {...icon14} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button type="link" size="small" icon={<PlusIcon />} onClick={() => onChange([...goals, { target: 'PT8H' }])}>
          {t('sla.addGoal')}
        </Button>
      </div>
    </div>
  )
}
