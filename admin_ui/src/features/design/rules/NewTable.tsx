// A new table: its name, what it looks at, what it gives.
import { useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useId, useState } from 'react'
import { asProblem } from '../../../api/client'
import { draftChanged } from '../../../api/drafts'
import { decisionsKey, useDecisions, writeTable } from '../../../api/rules'
import type { PickField } from '../../../feel/condition'
import { known, t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { OUTPUTS } from './ColumnBox'
import { typeOf, useFields } from './fields'
import { document, freshKey, freshRule, NOWHERE, type Column, type Part } from './table'

const columnOf = (part: Part, field: PickField): Column => ({ key: freshKey(), part, expression: field.name, label: field.label, type: typeOf(field), values: '', fallback: '' })

export function NewTable({ typeKey, close, made }: { typeKey: string; close: () => void; made: (id: string) => void }) {
  const client = useQueryClient()
  const fields = useFields(typeKey)
  const decisions = useDecisions(typeKey)
  const [name, setName] = useState(t('rules.newName'))
  const [inputs, setInputs] = useState<string[]>(['ticket.priority'])
  const [outputs, setOutputs] = useState<string[]>(['group'])
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const id = useId()
  const make = async () => {
    const taken = new Set(decisions.data?.items.map((one) => one.id))
    const free = ['routing', ...Array.from({ length: taken.size + 1 }, (_, at) => `rules_${at + 1}`)].find((one) => !taken.has(one))!
    setBusy(true)
    setWrong(null)
    try {
      const columns = [
        ...inputs.map((one) => columnOf('inputs', fields.find((field) => field.name === one) ?? { name: one, label: one, kind: 'text' })),
        ...outputs.map((one) => columnOf('outputs', { name: one, label: known(`rules.output.${one}`) ?? '', kind: 'text' })),
      ]
      const table = { name: name.trim(), policy: 'FIRST', aggregation: '', columns, rules: [freshRule()] }
      await writeTable(typeKey, free, document(table, NOWHERE), 'new')
      void draftChanged(client, typeKey)
      await client.invalidateQueries({ queryKey: decisionsKey(typeKey) })
      close()
      made(free)
    } catch (error) {
      setWrong(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('rules.new')} okText={t('rules.make')} cancelText={t('do.cancel')} onCancel={close} onOk={() => void make()} confirmLoading={busy} okButtonProps={{ disabled: !name.trim() || !inputs.length || !outputs.length }}>
      <div className="col g12 ru-box">
        {wrong && <Remark tone="red">{wrong}</Remark>}
        <div className="col g4">
          <label htmlFor={id + 'n'}>{t('rules.name')}</label>
          <Input id={id + 'n'} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="col g4">
          <label htmlFor={id + 'i'}>{t('rules.looksAt')}</label>
          <Select id={id + 'i'} mode="multiple" optionFilterProp="label" value={inputs} onChange={setInputs} options={fields.map((field) => ({ value: field.name, label: field.label }))} />
        </div>
        <div className="col g4">
          <label htmlFor={id + 'o'}>{t('rules.gives')}</label>
          <Select id={id + 'o'} mode="tags" value={outputs} onChange={setOutputs} options={OUTPUTS.map((value) => ({ value, label: known(`rules.output.${value}`) ?? value }))} />
        </div>
      </div>
    </Modal>
  )
}
