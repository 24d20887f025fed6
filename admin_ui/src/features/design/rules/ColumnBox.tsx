// A column: what it looks at or gives, how it is called, of which kind, which values it may have.
import { Input, Modal, Select } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { readValues, scalarOf } from '../../../feel/cells'
import type { PickField } from '../../../feel/condition'
import { scalar } from '../../../feel/write'
import { known, t } from '../../../i18n/t'
import { typeOf } from './fields'
import type { Column } from './table'

const TYPES = ['string', 'number', 'boolean', 'date', 'date and time', 'time']
export const OUTPUTS = ['group', 'users', 'skills', 'strategy', 'priority']

interface Props {
  column: Column
  isNew: boolean
  fields: PickField[]
  close: () => void
  done: (column: Column) => void
}

export function ColumnBox({ column, isNew, fields, close, done }: Props) {
  const [draft, setDraft] = useState(column)
  const [values, setValues] = useState(plainValues(column.values))
  const change = (part: Partial<Column>) => setDraft((before) => ({ ...before, ...part }))
  const known_ = column.part === 'inputs' ? fields.map((one) => ({ value: one.name, label: one.label })) : OUTPUTS.map((value) => ({ value, label: known(`rules.output.${value}`) ?? value }))
  const pick = (name: string) => {
    const field = fields.find((one) => one.name === name)
    change(column.part === 'inputs' && field ? { expression: name, label: draft.label || field.label, type: typeOf(field) } : { expression: name, label: draft.label || (known(`rules.output.${name}`) ?? '') })
  }
  const types = TYPES.includes(draft.type) || !draft.type ? TYPES : [...TYPES, draft.type]
  const finish = () => draft.expression.trim() && done({ ...draft, expression: draft.expression.trim(), values: values === plainValues(column.values) ? draft.values : feelValues(values, draft.type) })
  return (
    <Modal open title={t(isNew ? 'rules.addColumn' : 'rules.columnEdit')} okText={t(isNew ? 'rules.add' : 'rules.ok')} cancelText={t('do.cancel')} onCancel={close} onOk={finish} okButtonProps={{ disabled: !draft.expression.trim() }}>
      <div className="col g12 ru-box">
        {column.part !== 'notes' && (
          <Line label={t(column.part === 'inputs' ? 'rules.looksAt' : 'rules.gives')}>
            {(id) => <Select id={id} showSearch optionFilterProp="label" value={known_.some((one) => one.value === draft.expression) ? draft.expression : undefined} placeholder={draft.expression || t('rules.pickField')} onChange={pick} options={known_} />}
          </Line>
        )}
        {column.part !== 'notes' && <Line label={t('rules.columnLabel')}>{(id) => <Input id={id} value={draft.label} onChange={(event) => change({ label: event.target.value })} />}</Line>}
        <Line label={t(column.part === 'inputs' ? 'rules.expression' : 'rules.columnName')}>{(id) => <Input id={id} value={draft.expression} onChange={(event) => change({ expression: event.target.value })} />}</Line>
        {column.part !== 'notes' && (
          <>
            <Line label={t('rules.type')}>{(id) => <Select id={id} value={draft.type || 'string'} onChange={(type) => change({ type })} options={types.map((value) => ({ value, label: known(`rules.type.${value}`) ?? value }))} />}</Line>
            <Line label={t('rules.values')}>{(id) => <Input id={id} value={values} placeholder={t('rules.severalHint')} onChange={(event) => setValues(event.target.value)} />}</Line>
          </>
        )}
        {column.part === 'outputs' && <Line label={t('rules.fallback')}>{(id) => <Input id={id} value={plainValues(draft.fallback)} onChange={(event) => change({ fallback: feelValues(event.target.value, draft.type, true) })} />}</Line>}
      </div>
    </Modal>
  )
}

function Line({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="col g4">
      <label htmlFor={id} className="t13">
        {label}
      </label>
      {children(id)}
    </div>
  )
}

/** A list of constants without its quotes; anything else as it is. */
function plainValues(text: string): string {
  const values = readValues(text)
  return values && values.every((one) => 'value' in one && !/[,\uff0c\u3001]/.test(String(one.value))) ? values.map((one) => ('value' in one ? String(one.value) : '')).join(', ') : text
}

function feelValues(plain: string, type: string, one = false): string {
  const kind = type === 'date and time' ? 'datetime' : type === 'number' || type === 'boolean' || type === 'date' || type === 'time' ? type : 'text'
  if (!plain.trim()) return ''
  if (readValues(plain)?.every((value) => value.as === (kind === 'boolean' ? 'flag' : kind))) return plain
  const made = (one ? [plain] : plain.split(/[,\uff0c\u3001]/)).map((word) => word.trim()).filter(Boolean).map((word) => scalarOf(word, kind))
  return made.every((value) => value !== null) ? made.map(scalar).join(',') : plain
}
