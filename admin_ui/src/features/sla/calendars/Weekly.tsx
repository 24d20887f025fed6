// The usual hours of a week, Monday first.
import { Button } from 'antd'
import type { Range } from '../../../api/calendars'
import { t } from '../../../i18n/t'
import { DAYS } from './days'
import { WindowsInput } from './WindowsInput'

const WORKDAYS = 5

export function Weekly({ value, onChange, disabled }: { value: Range[][]; onChange: (weekly: Range[][]) => void; disabled: boolean }) {
  const put = (day: number, windows: Range[]) => onChange(value.map((one, at) => (at === day ? windows : one)))
  return (
    <div className="col g8" role="group" aria-label={t('sla.cal.hours')}>
      <div className="row apart g8">
        <h2 className="t13">{t('sla.cal.hours')}</h2>
        {!disabled && (
          <Button size="small" type="link" onClick={() => onChange(value.map((one, at) => (at < WORKDAYS ? value[0]! : one)))}>
            {t('sla.cal.sameWorkdays')}
          </Button>
        )}
      </div>
      {DAYS.map((day, at) => (
        <div key={day} className="row g12 top">
          <span className="calendar-day-name ink2 t13">{t(`sla.day.${day}`)}</span>
          <WindowsInput label={t('sla.cal.hoursOf', { day: t(`sla.day.${day}`) })} disabled={disabled} value={value[at] ?? []} onChange={(windows) => put(at, windows)} />
        </div>
      ))}
      <span className="cap">{t('sla.cal.hoursWhat')}</span>
    </div>
  )
}
