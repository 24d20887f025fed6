// One field of a record: as it is asked for, and as it is shown in a list.
import { Input, Select, Switch } from 'antd'
import { useTypes } from '../../api/queries'
import { PersonPicker } from '../../form/controls/named'
import { t, words } from '../../i18n/t'
import { Name } from '../../ui/bits'
import { shortWhen } from '../../ui/time'
import type { Choice, Part } from './kinds'
import { RecordName, RecordPicker } from './RecordPicker'

type Named = { id: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string; status?: 'error' }

interface Props {
  part: Part
  named: Named
  value: unknown
  onChange: (value: unknown) => void
  own?: string // the record's own key
}

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
type Day = (typeof DAYS)[number]

export function PartInput({ part, named, value, onChange, own }: Props) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const set = (next: string) => onChange(next || null)
  switch (part.asks) {
    case 'person':
      return <PersonPicker {...named} value={(value as string | null) ?? null} onChange={onChange} />
    case 'record':
      return <RecordPicker {...named} plural={part.of!} value={(value as string | null) ?? null} onChange={onChange} but={own} />
    case 'flag':
      return (
        <span>
          <Switch id={named.id} checked={value === true} onChange={onChange} />
        </span>
      )
    case 'choice':
      return <Select {...named} style={{ width: '100%' }} value={text || undefined} onChange={set} options={part.options!.map((one) => ({ value: one, label: t(`records.choice.${one}`) }))} />
    case 'weekdays':
      return <Select {...named} mode="multiple" style={{ width: '100%' }} value={(value as Day[] | null) ?? []} onChange={(next: Day[]) => onChange(next.length ? next : null)} options={DAYS.map((day) => ({ value: day, label: t(`records.day.${day}`) }))} />
    case 'words':
      return <Select {...named} mode="tags" style={{ width: '100%' }} tokenSeparators={[',', ' ', ';']} open={false} suffixIcon={null} value={(value as string[] | null) ?? []} onChange={(next: string[]) => onChange(next)} />
    case 'types':
      return <TypesPicker named={named} value={(value as string[] | null) ?? []} onChange={(next) => onChange(next.length ? next : null)} />
    case 'number':
      return <Input {...named} inputMode="decimal" value={text} onChange={(event) => onChange(asNumber(event.target.value))} />
    case 'day':
      return <Input {...named} type="date" value={text} onChange={(event) => set(event.target.value)} />
    case 'time':
      return <Input {...named} type="time" value={text} onChange={(event) => set(event.target.value)} />
    case 'instant':
      return <Input {...named} type="datetime-local" value={local(text)} onChange={(event) => set(event.target.value && new Date(event.target.value).toISOString())} />
    default:
      return <Input {...named} value={text} onChange={(event) => set(event.target.value)} />
  }
}

function TypesPicker({ named, value, onChange }: { named: Named; value: string[]; onChange: (keys: string[]) => void }) {
  const types = useTypes()
  const known = (types.data?.items ?? []).map((type) => ({ value: type.key, label: words(type.name) || type.key }))
  return <Select {...named} mode="tags" style={{ width: '100%' }} placeholder={t('records.allTypes')} value={value} onChange={onChange} options={known} />
}

/** The number that was typed; what is no number yet stays as it is, and the server says so. */
function asNumber(text: string): number | string | null {
  if (!text.trim()) return null
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text.trim() ? number : text
}

/** An instant as the browser's own clock shows it. */
function local(instant: string): string {
  if (!instant) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function Shown({ part, value }: { part: Part; value: unknown }) {
  if (value === null || value === undefined || value === '') return part.asks === 'types' ? <>{t('records.allTypes')}</> : null
  switch (part.asks) {
    case 'person':
      return <Name of={value as string} />
    case 'record':
      return <RecordName plural={part.of!} of={value as string} />
    case 'flag':
      return <>{value ? t('records.yes') : ''}</>
    case 'choice':
      return <>{t(`records.choice.${value as Choice}`)}</>
    case 'instant':
      return <>{shortWhen(value as string)}</>
    case 'weekdays':
      return <>{(value as Day[]).map((day) => t(`records.day.${day}`)).join(t('list.comma'))}</>
    case 'words':
    case 'types':
      return <>{(value as string[]).join(t('list.comma'))}</>
    default:
      return <>{String(value)}</>
  }
}
