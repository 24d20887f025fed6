// Events: when time is up, where it ends, where it begins.
import { DatePicker, Input, InputNumber, Select, Switch } from 'antd'
import dayjs from 'dayjs'
import { kindOf, type Drawn } from '../../../bpmn/parts'
import { readTimer, setTerminates, setTimer, terminates, type TimeKind } from '../../../bpmn/settings'
import { t } from '../../../i18n/t'
import { useDesk } from './context'
import { readLength, readWeekly, writeWeekly } from './duration'
import { AsWritten, LengthSetting, Picker, Question } from './Fields'

type Way = 'length' | 'date' | 'weekly' | 'repeat' | 'written'

function wayOf(kind: TimeKind, text: string): Way {
  if (kind === 'timeDuration') return text === '' || readLength(text) ? 'length' : 'written'
  if (kind === 'timeDate') return dayjs(text).isValid() && /^\d{4}-/.test(text) ? 'date' : 'written'
  if (readWeekly(text)) return 'weekly'
  return /^R\d*\/P/.test(text) && readLength(text.split('/')[1] ?? '') ? 'repeat' : 'written'
}

const BEGIN: Record<Exclude<Way, 'written'>, { kind: TimeKind; text: () => string }> = {
  length: { kind: 'timeDuration', text: () => 'P1D' },
  date: { kind: 'timeDate', text: () => dayjs().add(1, 'day').hour(9).minute(0).second(0).format('YYYY-MM-DDTHH:mm:ss') },
  weekly: { kind: 'timeCycle', text: () => '0 9 * * 1-5' },
  repeat: { kind: 'timeCycle', text: () => 'R3/PT1H' },
}

export function TimerQuestion({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const timer = readTimer(of)
  if (!timer) return null
  const { kind, text } = timer
  const way = wayOf(kind, text)
  const put = (next: string | null) => setTimer(part, of, { kind, text: next ?? '' })
  const ways: Way[] = ['length', 'date', ...(kindOf(of) === 'BoundaryEvent' && of.businessObject.cancelActivity === false ? (['repeat'] as const) : []), 'weekly']
  if (!ways.includes(way)) ways.push(way)
  const label = t('designer.fires')
  return (
    <Question label={label}>
      <Picker<Way> label={label} value={way} onChange={(next) => next !== 'written' && setTimer(part, of, { kind: BEGIN[next].kind, text: BEGIN[next].text() })} options={ways.map((one) => ({ value: one, label: t(`designer.fires.${one}`) }))} />
      {way === 'length' && <LengthSetting required label={t('designer.fires.length')} value={text} onChange={put} />}
      {way === 'date' && <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" aria-label={t('designer.fires.date')} value={dayjs(text)} allowClear={false} onChange={(day) => day && put(day.format('YYYY-MM-DDTHH:mm:ss'))} />}
      {way === 'weekly' && <WeeklySetting value={text} onChange={put} />}
      {way === 'repeat' && <RepeatSetting value={text} onChange={put} />}
      {way === 'written' && <AsWritten label={label} value={text} onChange={put} />}
    </Question>
  )
}

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const

function WeeklySetting({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const weekly = readWeekly(value)!
  const time = `${String(weekly.hour).padStart(2, '0')}:${String(weekly.minute).padStart(2, '0')}`
  return (
    <>
      <Select<number[]> mode="multiple" style={{ width: '100%' }} aria-label={t('designer.days')} placeholder={t('designer.everyDay')} value={weekly.days} onChange={(days) => onChange(writeWeekly({ ...weekly, days: [...days].sort() }))} options={DAYS.map((day) => ({ value: day, label: t(`designer.day.${day}`) }))} />
      <Input
        type="time"
        aria-label={t('designer.time')}
        value={time}
        onChange={(event) => {
          const [hour, minute] = event.target.value.split(':').map(Number)
          if (hour !== undefined && minute !== undefined) onChange(writeWeekly({ ...weekly, hour, minute }))
        }}
      />
    </>
  )
}

function RepeatSetting({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [times, length] = value.split('/') as [string, string]
  return (
    <>
      <InputNumber min={1} max={99999} precision={0} style={{ width: '100%' }} aria-label={t('designer.times')} suffix={t('designer.times')} value={Number(times.slice(1)) || null} placeholder={t('designer.forEver')} onChange={(count) => onChange(`R${count ?? ''}/${length}`)} />
      <LengthSetting required label={t('designer.every')} value={length} onChange={(next) => onChange(`${times}/${next ?? length}`)} />
    </>
  )
}

/** A timer on a border: whether the step goes on. */
export function BorderQuestion({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const goesOn = of.businessObject.cancelActivity === false
  return (
    <label className="row apart g8 t13">
      {t('designer.goesOn')}
      <Switch size="small" aria-label={t('designer.goesOn')} checked={goesOn} onChange={(on) => part('modeling').updateProperties(of, { cancelActivity: !on })} />
    </label>
  )
}

export function EndQuestion({ of }: { of: Drawn }) {
  const { part } = useDesk()
  return (
    <label className="row apart g8 t13">
      {t('designer.endsAll')}
      <Switch size="small" aria-label={t('designer.endsAll')} checked={terminates(of)} onChange={(on) => setTerminates(part, of, on)} />
    </label>
  )
}
