// What a field is: its texts, its key, the settings of its kind, options, columns.
import { Button, Input, InputNumber, Select, Switch } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import type { FieldDoc } from '../../../api/types'
import { known, t, type Words } from '../../../i18n/t'
import { ColumnsEditor } from './ColumnsEditor'
import { isKey } from './document'
import { hasOptions, holdsValue, KINDS, type SettingControl } from './kinds'
import { OptionsEditor } from './OptionsEditor'
import { WordsInput } from './WordsInput'

export interface FieldTabProps {
  field: FieldDoc
  taken: string[] // the keys of the other fields
  change: (settings: Partial<FieldDoc>, what: string) => void
  rename: (key: string) => void
  beside?: { on: boolean; toggle: () => void }
}

export function FieldTab({ field, taken, change, rename, beside }: FieldTabProps) {
  const kind = KINDS[field.kind]
  const words = (name: 'label' | 'help' | 'example') => (
    <WordsInput key={name} name={name} label={known(`formDesigner.set.${name}`) ?? name} value={field[name] as Words | undefined} onChange={(value) => change({ [name]: value }, name)} />
  )
  return (
    <div className="col g16">
      {holdsValue(field.kind) && words('label')}
      {Object.entries(kind?.settings ?? {}).map(([name, control]) => (
        <Setting key={name} name={name} control={control} value={field[name]} onChange={(value) => change({ [name]: value }, name)} />
      ))}
      {hasOptions(field.kind) && <OptionsEditor tree={field.kind === 'cascade'} value={field.options} onChange={(options) => change({ options }, 'options')} />}
      {field.kind === 'table' && <ColumnsEditor table={field} onChange={(columns) => change({ columns }, 'columns')} />}
      {holdsValue(field.kind) && words('help')}
      {holdsValue(field.kind) && words('example')}
      <KeyInput key={field.key} value={field.key} taken={taken} onChange={rename} />
      {holdsValue(field.kind) && field.kind !== 'table' && field.kind !== 'computed' && (
        <Row label={t('formDesigner.set.unique')}>
          <Switch aria-label={t('formDesigner.set.unique')} size="small" checked={field.unique === true} onChange={(on) => change({ unique: on || undefined }, 'unique')} />
        </Row>
      )}
      {beside && (
        <Button size="small" style={{ alignSelf: 'flex-start' }} onClick={beside.toggle}>
          {beside.on ? t('formDesigner.ownLine') : t('formDesigner.beside')}
        </Button>
      )}
    </div>
  )
}

export const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="row apart g12">
    <span className="fd-label">{label}</span>
    {children}
  </div>
)

export const Block = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="col g6">
    <span className="fd-label">{label}</span>
    {children}
  </div>
)

const MEGABYTE = 1 << 20

function Setting({ name, control, value, onChange }: { name: string; control: SettingControl; value: unknown; onChange: (value: unknown) => void }) {
  const label = known(`formDesigner.set.${name}`) ?? name
  if (control === 'words') return <WordsInput name={name} label={label} value={value as Words | undefined} onChange={onChange} long={name === 'text' || name === 'consent'} />
  if (control === 'flag')
    return (
      <Row label={label}>
        <Switch aria-label={label} size="small" checked={value === true} onChange={(on) => onChange(on || undefined)} />
      </Row>
    )
  if (control === 'whole' || control === 'megabytes') {
    const unit = control === 'megabytes' ? MEGABYTE : 1
    return (
      <Row label={label}>
        <InputNumber aria-label={label} size="small" min={0} precision={unit === 1 ? 0 : undefined} style={{ width: 120 }} value={typeof value === 'number' ? value / unit : null} onChange={(next) => onChange(next === null ? undefined : Math.round(next * unit))} />
      </Row>
    )
  }
  if (control === 'limit') return <Limit label={label} value={value} onChange={onChange} />
  if (control === 'types')
    return (
      <Block label={label}>
        <Select aria-label={label} mode="tags" tokenSeparators={[',', ' ']} value={(value as string[] | undefined) ?? []} onChange={(next: string[]) => onChange(next.length ? next : undefined)} options={['image/*', 'application/pdf', '.docx', '.xlsx', '.log', '.zip'].map((one) => ({ value: one, label: one }))} />
      </Block>
    )
  if (control === 'fence') return <Fence label={label} value={value as Partial<FenceValue> | undefined} onChange={onChange} />
  if (control === 'text')
    return (
      <Block label={label}>
        <Input aria-label={label} className="cond-text" value={(value as string | undefined) ?? ''} onChange={(event) => onChange(event.target.value || undefined)} />
      </Block>
    )
  return (
    <Row label={label}>
      <Select aria-label={label} size="small" allowClear style={{ width: 150 }} placeholder={t('formDesigner.usual')} value={(value as string | undefined) ?? null} onChange={(next: string | null | undefined) => onChange(next ?? undefined)} options={control.map((one) => ({ value: one, label: known(`formDesigner.${name}.${one}`) ?? one }))} />
    </Row>
  )
}

/** A limit is a number, a day, or an expression that begins with `=`. */
function Limit({ label, value, onChange }: { label: string; value: unknown; onChange: (value: unknown) => void }) {
  const text = value === undefined ? '' : String(value)
  const read = (typed: string) => (typed === '' ? undefined : typed.startsWith('=') || Number.isNaN(Number(typed)) ? typed : Number(typed))
  return (
    <Row label={label}>
      <Input aria-label={label} size="small" style={{ width: 150 }} value={text} placeholder={t('formDesigner.noLimit')} onChange={(event) => onChange(read(event.target.value))} />
    </Row>
  )
}

interface FenceValue {
  lat: number
  lng: number
  metres: number
}

function Fence({ label, value, onChange }: { label: string; value: Partial<FenceValue> | undefined; onChange: (value: unknown) => void }) {
  const [draft, setDraft] = useState<Partial<FenceValue>>(value ?? {})
  useEffect(() => setDraft(value ?? {}), [value])
  const change = (part: Partial<FenceValue>) => {
    const next = { ...draft, ...part }
    setDraft(next)
    const whole = typeof next.lat === 'number' && typeof next.lng === 'number' && typeof next.metres === 'number'
    if (whole) onChange(next)
    else if (value) onChange(undefined)
  }
  return (
    <Block label={label}>
      <div className="row g6">
        {(['lat', 'lng', 'metres'] as const).map((part) => (
          <InputNumber key={part} size="small" controls={false} style={{ width: '100%' }} aria-label={t(`formDesigner.fence.${part}`)} placeholder={t(`formDesigner.fence.${part}`)} value={draft[part] ?? null} onChange={(next) => change({ [part]: next ?? undefined })} />
        ))}
      </div>
    </Block>
  )
}

/** The name that rules and reports use; written when the cursor leaves it. */
function KeyInput({ value, taken, onChange }: { value: string; taken: string[]; onChange: (key: string) => void }) {
  const [typed, setTyped] = useState(value)
  const wrong = !isKey(typed) ? t('formDesigner.keyWrong') : taken.includes(typed) ? t('formDesigner.keyTaken') : null
  const commit = () => {
    if (!wrong && typed !== value) onChange(typed)
  }
  return (
    <Block label={t('formDesigner.set.key')}>
      <Input aria-label={t('formDesigner.set.key')} className="cond-text" status={wrong ? 'error' : undefined} value={typed} onChange={(event) => setTyped(event.target.value.trim())} onBlur={commit} onPressEnter={commit} />
      {wrong && <span className="field-error">{wrong}</span>}
    </Block>
  )
}

