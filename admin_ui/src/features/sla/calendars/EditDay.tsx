// What holds for one date: as usual, closed, a make-up day, or hours of its own.
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { CalendarDay, CalendarException, ExceptionKind } from '../../../api/calendars'
import { t, words } from '../../../i18n/t'
import { DAYS } from './days'
import { WindowsInput } from './WindowsInput'

const KINDS = ['usual', 'closed', 'makeup', 'custom'] as const

interface Props {
  day: CalendarDay
  own: CalendarException | undefined
  put: (exception: CalendarException | null) => void
}

export function EditDay({ day, own, put }: Props) {
  const [kind, setKind] = useState<(typeof KINDS)[number]>(own?.kind ?? 'usual')
  const [weekday, setWeekday] = useState(own?.as_weekday ?? 0)
  const [windows, setWindows] = useState(own?.windows ?? day.windows)
  const [name, setName] = useState(words(own?.name))
  const take = () => {
    if (kind === 'usual') return put(null)
    const said = name.trim() ? { name: name.trim() } : {}
    put({ kind: kind as ExceptionKind, ...(kind === 'makeup' ? { as_weekday: weekday } : kind === 'custom' ? { windows } : {}), ...said })
  }
  return (
    <div className="col g8 edit-day">
      <b>{day.date}</b>
      <Select aria-label={t('sla.cal.dayIs')} value={kind} onChange={setKind} options={KINDS.map((one) => ({ value: one, label: t(`sla.dayIs.${one}`) }))} />
      {kind === 'makeup' && <Select aria-label={t('sla.cal.worksAs')} value={weekday} onChange={setWeekday} options={DAYS.map((one, at) => ({ value: at, label: t('sla.cal.asDay', { day: t(`sla.day.${one}`) }) }))} />}
      {kind === 'custom' && <WindowsInput label={t('sla.cal.hours')} value={windows} onChange={setWindows} />}
      {kind !== 'usual' && <Input aria-label={t('sla.cal.dayName')} placeholder={t('sla.cal.dayName')} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
      <Button type="primary" size="small" onClick={take}>
        {t('sla.cal.take')}
      </Button>
    </div>
  )
}
