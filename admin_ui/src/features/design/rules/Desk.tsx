// The table of one decision with all around it: hit policy, findings, trial, columns, spreadsheets.
import { Alert, Button, Dropdown, Select } from 'antd'
import { CircleCheck, Plus, Table2, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { sheetUrl, type DecisionFile, type TracedTable } from '../../../api/rules'
import type { Finding } from '../../../api/types'
import { known, t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { ColumnBox } from './ColumnBox'
import { useFields, useKinds } from './fields'
import { Grid, type Spot } from './Grid'
import { ImportBox } from './ImportBox'
import { RulesBar } from './RulesBar'
import { addRules, copyRule, freshKey, freshRule, putColumn, removeRule, type Column } from './table'
import { TryPane } from './TryPane'
import { useTable } from './useTable'

const POLICIES = ['FIRST', 'UNIQUE', 'ANY', 'PRIORITY', 'RULE ORDER', 'OUTPUT ORDER', 'COLLECT', 'COLLECT SUM', 'COLLECT MIN', 'COLLECT MAX', 'COLLECT COUNT'] as const

export function Desk({ typeKey, typeName, first }: { typeKey: string; typeName: string; first: DecisionFile }) {
  const editing = useTable(typeKey, first)
  const { table, set, findings } = editing
  const fields = useFields(typeKey)
  const kindOf = useKinds(fields, editing.file.types, table.columns)
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 })
  const [column, setColumn] = useState<Column | null>(null)
  const [importing, setImporting] = useState(false)
  const [trace, setTrace] = useState<TracedTable | null>(null)
  const grid = useRef<HTMLDivElement>(null)
  const move = useCallback((next: Spot) => setSpot((before) => (before.row === next.row && before.column === next.column ? before : next)), [])
  const here = useMemo(() => ({ row: Math.min(spot.row, Math.max(0, table.rules.length - 1)), column: Math.min(spot.column, table.columns.length) }), [spot, table.rules.length, table.columns.length])
  const byRow = useMemo(() => placed(findings), [findings])
  const general = findings.filter((finding) => rowOf(finding) === null && !finding.cell)
  const gap = findings.find((finding) => finding.code === 'rules-gap')

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest('input, textarea')
      if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return
      const key = event.key.toLowerCase()
      const act = key === 's' ? editing.save : key === 'y' || (key === 'z' && event.shiftKey) ? editing.redo : key === 'z' ? editing.undo : undefined
      if (act === undefined) return
      event.preventDefault()
      void act?.()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  }, [editing])

  const policy = table.policy === 'COLLECT' && table.aggregation ? `COLLECT ${table.aggregation}` : table.policy
  const choosePolicy = (next: string) => {
    const collects = next.startsWith('COLLECT')
    set({ ...table, policy: collects ? 'COLLECT' : next, aggregation: collects ? next.slice(8) : '' })
  }
  const goTo = (row: number) => {
    move({ row, column: 0 })
    grid.current?.focus()
  }
  const rows = [...byRow.keys()].sort((a, b) => a - b)
  const addRow = () => {
    const at = table.rules.length ? here.row + 1 : 0
    set(addRules(table, at, [freshRule()]))
    goTo(at)
  }
  const newColumn = (part: Column['part']): Column => ({ key: freshKey(), part, expression: '', label: '', type: part === 'notes' ? '' : 'string', values: '', fallback: '' })
  return (
    <div className="ru-page">
      <RulesBar typeKey={typeKey} typeName={typeName} decision={editing.file.decision} editing={editing} />
      <div className="ru">
        <section className="ru-middle" aria-label={table.name}>
          <div className="ru-bar">
            <Select className="ru-policy" size="small" variant="borderless" aria-label={t('rules.policy')} popupMatchSelectWidth={false} value={policy} onChange={choosePolicy} options={POLICIES.map((one) => ({ value: one, label: known(`rules.policy.${one}`) ?? one }))} />
            <span className="grow" />
            <span className="ru-state" role="status">
              {rows.length > 0 ? (
                <button type="button" className="ru-problems tone-amber" onClick={() => goTo(rows.find((row) => row > here.row) ?? rows[0]!)}>
                  <TriangleAlert {...icon14} />
                  {t('rules.problems', { n: rows.length })}
                </button>
              ) : (
                general.length === 0 && (
                  <span className="row g4 tone-teal ru-good">
                    <CircleCheck {...icon14} />
                    {t(gap ? 'rules.noProblems' : 'rules.complete')}
                  </span>
                )
              )}
            </span>
            <Dropdown trigger={['click']} menu={{ items: [{ key: 'inputs', label: t('rules.addInput') }, { key: 'outputs', label: t('rules.addOutput') }, { key: 'notes', label: t('rules.addNote') }], onClick: ({ key }) => setColumn(newColumn(key as Column['part'])) }}>
              <Button size="small" icon={<Plus {...icon14} />}>
                {t('rules.addColumn')}
              </Button>
            </Dropdown>
            <Button size="small" icon={<Plus {...icon14} />} onClick={addRow}>
              {t('rules.addRow')}
            </Button>
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'copy', label: t('rules.copyRow'), disabled: !table.rules.length },
                  { key: 'remove', label: t('rules.removeRow'), danger: true, disabled: !table.rules.length },
                  { type: 'divider' },
                  { key: 'import', label: t('rules.import') },
                  { key: 'csv', label: <a href={sheetUrl(typeKey, editing.file.decision.id, 'csv')} download>{t('rules.asCsv')}</a> },
                  { key: 'xlsx', label: <a href={sheetUrl(typeKey, editing.file.decision.id, 'xlsx')} download>{t('rules.asXlsx')}</a> },
                ],
                onClick: ({ key }) => {
                  if (key === 'copy') set(copyRule(table, here.row))
                  if (key === 'remove') set(removeRule(table, here.row))
                  if (key === 'import') setImporting(true)
                },
              }}
            >
              <Button size="small" icon={<Table2 {...icon14} />}>
                {t('rules.table')}
              </Button>
            </Dropdown>
          </div>
          {general.map((finding, at) => (
            <Alert key={at} banner showIcon type={finding.severity === 'error' ? 'error' : 'warning'} message={finding.text} />
          ))}
          {editing.wrong && <Alert banner showIcon type="error" message={editing.wrong} action={<Button size="small" onClick={() => void editing.save()}>{t('do.again')}</Button>} />}
          {editing.conflictWith !== null && (
            <Alert
              banner
              showIcon
              type="warning"
              message={t('rules.conflict', { name: editing.conflictWith })}
              action={
                <span className="row g6">
                  <Button size="small" onClick={editing.takeTheirs}>
                    {t('rules.takeTheirs')}
                  </Button>
                  <Button size="small" onClick={editing.keepMine}>
                    {t('rules.keepMine')}
                  </Button>
                </span>
              }
            />
          )}
          <Grid table={table} set={set} kindOf={kindOf} findings={byRow} trace={trace} spot={here} move={move} edit={setColumn} grid={grid} />
        </section>
        <TryPane typeKey={typeKey} editing={editing} kindOf={kindOf} show={setTrace} />
      </div>
      {column && (
        <ColumnBox
          column={column}
          isNew={!table.columns.some((one) => one.key === column.key)}
          fields={fields}
          close={() => setColumn(null)}
          done={(next) => {
            set(putColumn(table, next))
            setColumn(null)
          }}
        />
      )}
      {importing && <ImportBox table={table} kindOf={kindOf} close={() => setImporting(false)} done={set} />}
    </div>
  )
}

const rowOf = (finding: Finding): number | null => {
  const found = /^rule (\d+)/.exec(finding.cell ?? '')
  return found ? Number(found[1]) - 1 : null
}

function placed(findings: Finding[]): Map<number, Finding[]> {
  const found = new Map<number, Finding[]>()
  for (const finding of findings) {
    const row = rowOf(finding)
    if (row !== null) found.set(row, [...(found.get(row) ?? []), finding])
  }
  return found
}
