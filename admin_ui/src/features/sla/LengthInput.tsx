// A length of time as a count and its unit; a text that is more than that is kept and typed by hand.
import { Input, InputNumber, Select } from 'antd'
import { t } from '../../i18n/t'
import { readLength, UNITS, writeLength, type Unit } from '../design/process/duration'

export function LengthInput({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) {
  const length = value ? readLength(value) : { count: 0, unit: 'hours' as Unit }
  if (!length) return <Input aria-label={label} style={{ width: 140 }} value={value} onChange={(event) => onChange(event.target.value.trim())} />
  return (
    <span className="row g4">
      <InputNumber aria-label={label} style={{ width: 72 }} min={1} max={100_000} precision={0} value={length.count || null} onChange={(count) => onChange(count ? writeLength({ ...length, count }) : '')} />
      <Select aria-label={t('sla.unitOf', { label })} style={{ width: 92 }} value={length.unit} onChange={(unit) => onChange(writeLength({ count: length.count || 1, unit }))} options={UNITS.map((unit) => ({ value: unit, label: t(`sla.unit.${unit}`) }))} />
    </span>
  )
}
