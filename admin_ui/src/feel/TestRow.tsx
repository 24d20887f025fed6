// One test of a condition: which field, how it is compared, with what.
import { Select } from 'antd'
import { Trash2 } from 'lucide-react'
import { t } from '../i18n/t'
import { icon14, IconButton } from '../ui/bits'
import { needsValue, operatorsFor, takesList, type Operator, type PickField, type Test } from './condition'
import { ValuePicker } from './ValuePicker'

interface Props {
  of: Test
  place: number
  onChange: (test: Test) => void
  fields: PickField[]
  remove: () => void
}

export function TestRow({ of, place, onChange, fields, remove }: Props) {
  const field = fields.find((one) => one.name === of.field)
  const n = place + 1
  const pickField = (name: string) => {
    const next = fields.find((one) => one.name === name)!
    onChange({ is: 'test', field: name, operator: operatorsFor(next)[0]!, value: null })
  }
  const pickOperator = (operator: Operator) => {
    const keeps = needsValue(operator) && takesList(operator) === takesList(of.operator) && (operator === 'between') === (of.operator === 'between')
    onChange({ ...of, operator, value: keeps ? of.value : null })
  }
  return (
    <div className="cond-row">
      <Select
        size="small"
        aria-label={t('feel.field', { n })}
        placeholder={t('feel.pickField')}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        value={of.field || undefined}
        onChange={pickField}
        options={fields.map((one) => ({ value: one.name, label: one.label || one.name }))}
      />
      <Select
        size="small"
        aria-label={t('feel.operator', { n })}
        disabled={!field}
        popupMatchSelectWidth={false}
        value={field ? of.operator : undefined}
        onChange={pickOperator}
        options={field ? operatorsFor(field).map((operator) => ({ value: operator, label: operatorName(operator, field.kind) })) : []}
      />
      <span className="cond-value">{field && needsValue(of.operator) && <ValuePicker field={field} operator={of.operator} value={of.value} onChange={(value) => onChange({ ...of, value })} fields={fields} n={n} />}</span>
      <IconButton label={t('feel.remove', { n })} onClick={remove}>
        <Trash2 {...icon14} />
      </IconButton>
    </div>
  )
}

const DAYS = new Set(['date', 'datetime', 'time'])

/** Days are earlier and later, numbers smaller and larger. */
function operatorName(operator: Operator, kind: string): string {
  if (DAYS.has(kind) && ['<', '<=', '>', '>='].includes(operator)) return t(`feel.day.${operator as '<'}`)
  return t(`feel.is.${operator}`)
}
