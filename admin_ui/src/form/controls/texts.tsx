// Kinds whose answer is typed: words, numbers, addresses.
import { Input, InputNumber, Rate } from 'antd'
import type { HTMLInputAutoCompleteAttribute } from 'react'
import { words } from '../../i18n/t'
import { aria, size, type ControlProps } from './props'

const modes: Record<string, { type?: string; inputMode?: 'tel' | 'email' | 'url'; autoComplete?: HTMLInputAutoCompleteAttribute }> = {
  phone: { type: 'tel', inputMode: 'tel', autoComplete: 'tel' },
  email: { type: 'email', inputMode: 'email', autoComplete: 'email' },
  url: { type: 'url', inputMode: 'url' },
}

export function Text(props: ControlProps) {
  const { field, value, onChange } = props
  return <Input {...aria(props)} {...modes[field.kind]} size={size(props)} maxLength={field.max_length} placeholder={words(field.placeholder)} value={(value as string | null) ?? ''} onChange={(event) => onChange(event.target.value)} />
}

export function TextArea(props: ControlProps) {
  const { field, value, onChange, dense } = props
  const rows = field.rows ?? (dense ? 2 : 3)
  return <Input.TextArea {...aria(props)} size={size(props)} autoSize={{ minRows: rows, maxRows: Math.max(12, rows) }} maxLength={field.max_length} placeholder={words(field.placeholder)} value={(value as string | null) ?? ''} onChange={(event) => onChange(event.target.value)} />
}

const SIGNS: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

export function NumberInput(props: ControlProps) {
  const { field, value, onChange, state } = props
  const { status, ...named } = aria(props)
  const money = field.kind === 'money'
  return (
    <InputNumber
      {...named}
      status={status}
      size={size(props)}
      style={{ width: '100%' }}
      controls={false}
      inputMode="decimal"
      precision={field.precision ?? (money ? 2 : undefined)}
      max={typeof state.max === 'number' ? Math.max(state.max, Number(value) || state.max) : undefined}
      prefix={money ? (SIGNS[field.currency ?? 'CNY'] ?? field.currency) : undefined}
      suffix={words(field.unit) || undefined}
      placeholder={words(field.placeholder)}
      value={(value as number | null) ?? null}
      onChange={(next) => onChange(next)}
    />
  )
}

export function Stars(props: ControlProps) {
  const { field, value, onChange, labelId, id } = props
  return (
    <span id={id} role="group" aria-labelledby={labelId}>
      <Rate count={typeof field.max === 'number' ? field.max : 5} value={(value as number | null) ?? 0} onChange={(next) => onChange(next || null)} style={{ color: 'var(--amber-fg)', fontSize: props.phone ? 32 : 20 }} />
    </span>
  )
}
