// A spreadsheet comes in: shown first, then put behind the rules that are there or in their place.
import { Button, Modal, Radio } from 'antd'
import { useRef, useState } from 'react'
import { asProblem } from '../../../api/client'
import { readSheet } from '../../../api/rules'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { CellView } from './CellView'
import { headOf, type Kind } from './fields'
import { meaning } from './Grid'
import { addRules, DESCRIPTION, freshRule, labelOf, type Column, type Rule, type Table } from './table'

const SHOWN = 8

export function ImportBox({ table, kindOf, close, done }: { table: Table; kindOf: (column: Column) => Kind; close: () => void; done: (table: Table) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  const [rules, setRules] = useState<Rule[] | null>(null)
  const [left, setLeft] = useState<string[]>([])
  const [wrong, setWrong] = useState<string | null>(null)
  const [how, setHow] = useState<'behind' | 'instead'>('behind')
  const read = async (file: File) => {
    setWrong(null)
    try {
      const [head = [], ...rows] = await readSheet(file)
      const targets = matched(table, head)
      setLeft(head.filter((_, at) => !targets[at]))
      setRules(rows.map((cells) => ruleOf(targets, cells, kindOf)))
    } catch (error) {
      setRules(null)
      setWrong(asProblem(error).message)
    }
  }
  const finish = () => {
    if (!rules) return
    done(how === 'instead' ? { ...table, rules } : addRules(table, table.rules.length, rules))
    close()
  }
  return (
    <Modal open width={820} title={t('rules.import')} okText={rules ? t('rules.importRows', { n: rules.length }) : t('rules.add')} cancelText={t('do.cancel')} onCancel={close} onOk={finish} okButtonProps={{ disabled: !rules?.length }}>
      <div className="col g12 ru-box">
        <input ref={picker} type="file" hidden accept=".csv,.xlsx" onChange={(event) => event.target.files?.[0] && void read(event.target.files[0])} />
        <span className="row g8">
          <Button onClick={() => picker.current?.click()}>{t('rules.chooseFile')}</Button>
          <span className="cap">{t('rules.importWhat')}</span>
        </span>
        {wrong && <Remark tone="red">{wrong}</Remark>}
        {left.length > 0 && <Remark tone="amber">{t('rules.importLeft', { columns: left.filter(Boolean).join(', ') })}</Remark>}
        {rules && (
          <>
            <Radio.Group value={how} onChange={(event) => setHow(event.target.value as typeof how)} options={[{ value: 'behind', label: t('rules.importBehind') }, { value: 'instead', label: t('rules.importInstead') }]} />
            <div className="ru-preview" tabIndex={0} role="region" aria-label={t('rules.preview')}>
              <table className="table">
                <thead>
                  <tr>
                    {table.columns.map((column) => (
                      <th key={column.key}>{headOf(column)}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rules.slice(0, SHOWN).map((rule) => (
                    <tr key={rule.key}>
                      {table.columns.map((column) => (
                        <td key={column.key}>
                          <CellView column={column} text={rule.cells[column.key] ?? (column.part === 'outputs' ? 'null' : '')} kind={kindOf(column)} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {rules.length > SHOWN && <span className="cap">{t('rules.more', { n: rules.length - SHOWN })}</span>}
          </>
        )}
      </div>
    </Modal>
  )
}

/** The column that each column of the sheet means: by its name; when no name fits, by its place. */
function matched(table: Table, head: string[]): (Column | typeof DESCRIPTION | null)[] {
  const named = head.map((name) => table.columns.find((column) => [labelOf(column), headOf(column), column.expression].includes(name)) ?? (name === t('rules.remark') ? DESCRIPTION : null))
  return named.some(Boolean) ? named : head.map((_, at) => table.columns[at] ?? null)
}

function ruleOf(targets: (Column | typeof DESCRIPTION | null)[], cells: string[], kindOf: (column: Column) => Kind): Rule {
  const rule = freshRule()
  targets.forEach((target, at) => {
    if (target === DESCRIPTION) rule.description = cells[at] ?? ''
    else if (target) rule.cells[target.key] = meaning(target, kindOf(target), cells[at] ?? '')
  })
  return rule
}
