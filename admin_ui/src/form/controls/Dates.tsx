// Days and times. A phone brings its own pickers, which fit its thumb.
import { DatePicker, Input, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import { t } from '../../i18n/t'
import { aria, size, type ControlProps } from './props'

dayjs.extend(customParseFormat)

interface Range {
  from?: string | null
  to?: string | null
}

const day = (value: unknown): Dayjs | null => (typeof value === 'string' && value ? dayjs(value) : null)
const instant = (moment: Dayjs) => moment.second(0).millisecond(0).format('YYYY-MM-DDTHH:mm:ssZ')

export default function Dates(props: ControlProps) {
  return props.phone ? <Native {...props} /> : <Pickers {...props} />
}

function Native(props: ControlProps) {
  const { field, value, onChange, state } = props
  const named = aria(props)
  const limit = { min: typeof state.min === 'string' ? state.min : undefined, max: typeof state.max === 'string' ? state.max : undefined }
  if (field.kind === 'date_range') {
    const range = (value ?? {}) as Range
    const change = (part: Range) => {
      const next = { ...range, ...part }
      onChange(next.from || next.to ? next : null)
    }
    return (
      <div className="row g8">
        <Input {...named} type="date" size="large" aria-label={t('form.from')} aria-labelledby={undefined} value={range.from ?? ''} onChange={(event) => change({ from: event.target.value })} />
        <Input type="date" size="large" aria-label={t('form.to')} status={named.status} value={range.to ?? ''} onChange={(event) => change({ to: event.target.value })} />
      </div>
    )
  }
  if (field.kind === 'datetime')
    return <Input {...named} type="datetime-local" size="large" value={day(value)?.format('YYYY-MM-DDTHH:mm') ?? ''} onChange={(event) => onChange(event.target.value ? instant(dayjs(event.target.value)) : null)} />
  return <Input {...named} {...limit} type={field.kind === 'time' ? 'time' : 'date'} size="large" value={(value as string | null) ?? ''} onChange={(event) => onChange(event.target.value || null)} />
}

function Pickers(props: ControlProps) {
  const { field, value, onChange, state } = props
  const named = aria(props)
  const common = { ...named, size: size(props), style: { width: '100%' } }
  const outside = (at: Dayjs) => (typeof state.min === 'string' && at.isBefore(dayjs(state.min), 'day')) || (typeof state.max === 'string' && at.isAfter(dayjs(state.max), 'day'))
  if (field.kind === 'time')
    return <TimePicker {...common} format="HH:mm" needConfirm={false} value={typeof value === 'string' && value ? dayjs(value, ['HH:mm', 'HH:mm:ss']) : null} onChange={(next) => onChange(next?.format('HH:mm') ?? null)} />
  if (field.kind === 'datetime')
    return <DatePicker {...common} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" disabledDate={outside} value={day(value)} onChange={(next) => onChange(next ? instant(next) : null)} />
  if (field.kind === 'date_range') {
    const range = (value ?? {}) as Range
    // Two pickers, not one for both: each day counts as soon as it is said.
    const change = (part: Range) => {
      const next = { ...range, ...part }
      onChange(next.from || next.to ? next : null)
    }
    const { id: _, 'aria-labelledby': __, ...second } = common
    return (
      <div className="row g8">
        <DatePicker
          {...common}
          aria-label={t('form.from')}
          aria-labelledby={undefined}
          disabledDate={(at) => outside(at) || !!day(range.to)?.isBefore(at, 'day')}
          value={day(range.from)}
          onChange={(next) => change({ from: next?.format('YYYY-MM-DD') ?? null })}
        />
        <DatePicker
          {...second}
          aria-label={t('form.to')}
          disabledDate={(at) => outside(at) || !!day(range.from)?.isAfter(at, 'day')}
          value={day(range.to)}
          onChange={(next) => change({ to: next?.format('YYYY-MM-DD') ?? null })}
        />
      </div>
    )
  }
  return <DatePicker {...common} disabledDate={outside} value={day(value)} onChange={(next) => onChange(next?.format('YYYY-MM-DD') ?? null)} />
}
