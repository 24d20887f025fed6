// A month: what each date has open and why; a click changes one date.
import { Popover } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useDays, type CalendarDay, type CalendarException } from '../../../api/calendars'
import { t } from '../../../i18n/t'
import { Failed, icon, IconButton, Remark } from '../../../ui/bits'
import { DAYS } from './days'
import { EditDay } from './EditDay'
import { shown } from './windows'

interface Props {
  calendarKey: string
  version: number
  exceptions: Record<string, CalendarException>
  unsaved: boolean
  onChange: ((exceptions: Record<string, CalendarException>) => void) | null
}

const WEEK = 7
const iso = (day: Dayjs) => day.format('YYYY-MM-DD')

export function Month({ calendarKey, exceptions, unsaved, onChange }: Props) {
  const [month, setMonth] = useState(() => dayjs().startOf('month'))
  // Monday first, whatever the language says of weeks.
  const first = month.subtract((month.day() + 6) % WEEK, 'day')
  const last = month.endOf('month')
  const end = last.add((WEEK - (last.day() || WEEK)) % WEEK, 'day')
  const found = useDays(calendarKey, iso(first), iso(end))
  const put = (date: string, exception: CalendarException | null) => {
    if (!onChange) return
    const { [date]: _, ...rest } = exceptions
    onChange(exception ? { ...rest, [date]: exception } : rest)
  }
  const label = month.format(t('sla.cal.monthFormat'))
  const provisional = found.data?.days.some((day) => day.provisional && dayjs(day.date).isSame(month, 'month'))
  return (
    <div className="col g12">
      <div className="row g8">
        <IconButton label={t('sla.cal.previous')} onClick={() => setMonth(month.subtract(1, 'month'))}>
          <ChevronLeft {...icon} />
        </IconButton>
        <h2 aria-live="polite">{label}</h2>
        <IconButton label={t('sla.cal.following')} onClick={() => setMonth(month.add(1, 'month'))}>
          <ChevronRight {...icon} />
        </IconButton>
        <span className="grow" />
        {unsaved && <span className="cap">{t('sla.cal.unsaved')}</span>}
      </div>
      {provisional && <Remark tone="amber">{t('sla.cal.provisional', { year: month.year() })}</Remark>}
      {found.error ? (
        <Failed error={found.error} again={() => void found.refetch()} />
      ) : (
        <table className="month" aria-label={label}>
          <thead>
            <tr>
              {DAYS.map((day) => (
                <th key={day} scope="col">
                  {t(`sla.day.${day}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks(found.data?.days ?? []).map((week) => (
              <tr key={week[0]!.date}>
                {week.map((day) => (
                  <td key={day.date} data-out={!dayjs(day.date).isSame(month, 'month') || undefined}>
                    <Day day={day} own={exceptions[day.date]} put={onChange ? (exception) => put(day.date, exception) : null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

const weeks = (days: CalendarDay[]): CalendarDay[][] => Array.from({ length: Math.ceil(days.length / WEEK) }, (_, at) => days.slice(at * WEEK, (at + 1) * WEEK))

function Day({ day, own, put }: { day: CalendarDay; own: CalendarException | undefined; put: ((exception: CalendarException | null) => void) | null }) {
  const [open, setOpen] = useState(false)
  const kind = own?.kind ?? day.kind
  const said = kind === 'weekly' ? null : t(`sla.dayKind.${kind}`)
  const inside = (
    <>
      <span className="row apart g4">
        <b>{Number(day.date.slice(8))}</b>
        {said && <span className={`month-kind tone-${kind === 'closed' ? 'teal' : 'amber'}`}>{said}</span>}
      </span>
      <span className="cap cut">{day.name ?? ''}</span>
      <span className="month-hours">{day.windows.length ? shown(day.windows) : t('sla.cal.closed')}</span>
    </>
  )
  if (!put) return <div className="month-day" data-closed={!day.windows.length || undefined}>{inside}</div>
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <EditDay
          day={day}
          own={own}
          put={(exception) => {
            put(exception)
            setOpen(false)
          }}
        />
      }
    >
      <button type="button" className="month-day" aria-expanded={open} data-date={day.date} data-closed={!day.windows.length || undefined} data-own={own ? true : undefined}>
        {inside}
      </button>
    </Popover>
  )
}
