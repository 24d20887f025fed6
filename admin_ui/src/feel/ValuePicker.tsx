// What a field is compared with: a value of its kind, another field, or now.
import { Select } from 'antd'
import { useId } from 'react'
import { Control } from '../form/Control'
import type { FieldDoc } from '../api/types'
import { t } from '../i18n/t'
import { familyOf, takesList, type Operator, type PickField, type Scalar, type Value } from './condition'

interface Props {
  field: PickField
  operator: Operator
  value: Value | null
  onChange: (value: Value | null) => void
  fields: PickField[]
  n: number
}

export function ValuePicker({ field, operator, value, onChange, fields, n }: Props) {
  if (takesList(operator)) return <Several field={field} value={value} onChange={onChange} n={n} />
  if (operator === 'between') {
    const range = value?.as === 'range' ? value : null
    const part = (from: Scalar | null, to: Scalar | null) => onChange({ as: 'range', from: from ?? blank(field), to: to ?? blank(field) })
    return (
      <>
        <One field={field} value={range?.from ?? null} onChange={(from) => part(from, range?.to ?? null)} fields={fields} label={t('feel.from', { n })} />
        <One field={field} value={range?.to ?? null} onChange={(to) => part(range?.from ?? null, to)} fields={fields} label={t('feel.to', { n })} />
      </>
    )
  }
  const one = value && value.as !== 'list' && value.as !== 'range' ? value : null
  return <One field={field} value={one} onChange={onChange} fields={fields} label={t('feel.value', { n })} />
}

/** A value that says nothing yet. */
const blank = (field: PickField): Scalar => (familyOf(field.kind) === 'number' || field.kind === 'table' ? { as: 'number', value: NaN } : { as: 'text', value: '' })

type Source = 'value' | 'field' | 'now' | 'today'

function One({ field, value, onChange, fields, label }: { field: PickField; value: Scalar | null; onChange: (value: Scalar | null) => void; fields: PickField[]; label: string }) {
  const others = fields.filter((one) => one.name !== field.name && comparable(one, field))
  const sources: Source[] = ['value', ...(others.length ? (['field'] as const) : []), ...(field.kind === 'datetime' ? (['now'] as const) : field.kind === 'date' ? (['today'] as const) : [])]
  const source: Source = value?.as === 'field' || value?.as === 'now' || value?.as === 'today' ? value.as : 'value'
  const turn = (next: Source) => onChange(next === 'value' ? null : next === 'field' ? { as: 'field', name: '' } : { as: next })
  const choosesSource = sources.length > 1 && ['number', 'day'].includes(familyOf(field.kind))
  return (
    <>
      {(choosesSource || source !== 'value') && (
        <Select size="small" aria-label={t('feel.source')} value={source} onChange={turn} options={sources.map((one) => ({ value: one, label: t(`feel.source.${one}`) }))} />
      )}
      {source === 'field' && (
        <Select size="small" aria-label={label} placeholder={t('feel.pickField')} value={value?.as === 'field' ? value.name || undefined : undefined} onChange={(name: string) => onChange({ as: 'field', name })} options={others.map((one) => ({ value: one.name, label: one.label || one.name }))} />
      )}
      {source === 'value' && <Typed field={field} value={value} onChange={onChange} label={label} />}
    </>
  )
}

/** The control that the form has for this kind of answer. */
function Typed({ field, value, onChange, label }: { field: PickField; value: Scalar | null; onChange: (value: Scalar | null) => void; label: string }) {
  const id = useId()
  const { doc, wrap } = asField(field)
  const raw = value && 'value' in value && value.value !== '' && !Number.isNaN(value.value) ? value.value : null
  return (
    <>
      <span id={id + '-label'} className="unseen">
        {label}
      </span>
      <Control
        field={doc}
        state={{ shown: true, required: true, readOnly: false, options: field.options ?? [] }}
        id={id}
        labelId={id + '-label'}
        value={raw}
        onChange={(next) => onChange(next === null || next === undefined || next === '' ? null : wrap(next))}
        invalid={false}
        phone={false}
        dense
      />
    </>
  )
}

function asField(field: PickField): { doc: FieldDoc; wrap: (raw: unknown) => Scalar } {
  const family = familyOf(field.kind)
  const text = (raw: unknown): Scalar => ({ as: 'text', value: String(raw) })
  if (family === 'number' || family === 'rows' || field.kind === 'computed') return { doc: { key: field.name, kind: 'number' }, wrap: (raw) => ({ as: 'number', value: Number(raw) }) }
  if (family === 'flag') return { doc: { key: field.name, kind: 'boolean' }, wrap: (raw) => ({ as: 'flag', value: raw === true }) }
  if (family === 'day') return { doc: { key: field.name, kind: field.kind }, wrap: (raw) => ({ as: field.kind as 'date', value: String(raw) }) }
  if (field.options?.length) return { doc: { key: field.name, kind: 'choice', style: 'select' }, wrap: text }
  return { doc: { key: field.name, kind: ['user', 'group', 'department'].includes(field.kind) ? field.kind : 'text' }, wrap: text }
}

const comparable = (one: PickField, other: PickField) => familyOf(one.kind) === familyOf(other.kind) && (familyOf(one.kind) !== 'day' || one.kind === other.kind)

function Several({ field, value, onChange, n }: { field: PickField; value: Value | null; onChange: (value: Value | null) => void; n: number }) {
  const items = value?.as === 'list' ? value.items : []
  const numbers = familyOf(field.kind) === 'number'
  const change = (picked: string[]) => {
    const made = picked.map((one): Scalar => (numbers ? { as: 'number', value: Number(one) } : { as: 'text', value: one }))
    const good = made.filter((one) => one.as !== 'number' || Number.isFinite(one.value))
    onChange(good.length ? { as: 'list', items: good } : null)
  }
  return (
    <Select
      size="small"
      aria-label={t('feel.value', { n })}
      mode={field.options?.length ? 'multiple' : 'tags'}
      placeholder={t('feel.several')}
      value={items.map((item) => ('value' in item ? String(item.value) : ''))}
      onChange={change}
      options={field.options}
      tokenSeparators={[',', ';', '\uff0c', '\u3001']}
    />
  )
}
