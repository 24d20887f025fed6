// The grid: rows drawn as they come into view, moved about by arrow keys, dragged by their numbers.
import { closestCenter, DndContext, PointerSensor, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core'
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Dropdown } from 'antd'
import { ChevronDown } from 'lucide-react'
import { useCallback, useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react'
import type { TracedTable } from '../../../api/rules'
import type { Finding } from '../../../api/types'
import { fromPlain, resultFromPlain } from '../../../feel/cells'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { CellEditor, type Step } from './CellEditor'
import { headOf, type Kind } from './fields'
import { Row } from './Row'
import { addRules, columnsOf, copyRule, DESCRIPTION, freshRule, gridOf, moveColumn, moveRule, pasted, removeColumn, removeRule, setCells, textOf, type Column, type Table } from './table'

export interface Spot {
  row: number
  column: number
}

interface Props {
  table: Table
  set: (table: Table) => void
  kindOf: (column: Column) => Kind
  findings: Map<number, Finding[]>
  trace: TracedTable | null
  spot: Spot
  move: (spot: Spot) => void
  edit: (column: Column) => void
  grid: RefObject<HTMLDivElement | null>
}

const ROW = 40
const NO_KIND: Kind = { kind: 'text', options: null }

/** What a plain text pasted into a column means there. */
export function meaning(column: Column, kind: Kind, plain: string): string {
  if (column.part === 'notes') return plain
  const valueOf = (label: string) => kind.options?.find((one) => one.label === label)?.value ?? label
  return column.part === 'inputs' ? fromPlain(plain, kind.kind, valueOf) : resultFromPlain(plain, kind.kind, valueOf)
}

export function Grid({ table, set, kindOf, findings, trace, spot, move, edit, grid }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [editing, setEditing] = useState<{ typed: string; anchor: Element } | null>(null)
  const { rules, columns } = table
  const lastColumn = columns.length // the remark
  const rows = useVirtualizer({ count: rules.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12, getItemKey: (at) => rules[at]!.key })
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))
  const cellId = ({ row, column }: Spot) => `ru-${row}-${column}`
  const column = columns[spot.column] ?? null
  const rule = rules[spot.row]

  const go = useCallback(
    (row: number, at: number) => {
      const next = { row: Math.max(0, Math.min(rules.length - 1, row)), column: Math.max(0, Math.min(lastColumn, at)) }
      move(next)
      rows.scrollToIndex(next.row, { align: 'auto' })
    },
    [lastColumn, move, rows, rules.length],
  )
  useEffect(() => {
    document.getElementById(cellId(spot))?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [spot])

  const open = (typed = '') => {
    const anchor = document.getElementById(cellId(spot))
    if (rule && anchor) setEditing({ typed, anchor })
  }
  const done = useCallback(
    (text: string | null, step: Step) => {
      setEditing(null)
      if (text !== null && rule) set(setCells(table, [{ rule: rule.key, column: column?.key ?? DESCRIPTION, text }]))
      if (step !== 'stay' || text === null) grid.current?.focus({ preventScroll: true })
      if (step === 'down') go(spot.row + 1, spot.column)
      if (step === 'next') spot.column < lastColumn ? go(spot.row, spot.column + 1) : go(spot.row + 1, 0)
      if (step === 'before') spot.column > 0 ? go(spot.row, spot.column - 1) : go(spot.row - 1, lastColumn)
    },
    [column, go, grid, lastColumn, rule, set, spot, table],
  )

  const shift = (by: 1 | -1) => {
    set(moveRule(table, spot.row, spot.row + by))
    go(spot.row + by, spot.column)
  }
  const add = (at: number) => {
    set(addRules(table, at, [freshRule()]))
    move({ row: at, column: 0 })
  }
  const clear = () => rule && set(setCells(table, [{ rule: rule.key, column: column?.key ?? DESCRIPTION, text: column?.part === 'inputs' ? '-' : column?.part === 'outputs' ? 'null' : '' }]))
  const keys = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 2)
    const command = event.ctrlKey || event.metaKey
    const acts: Record<string, (() => void) | undefined> = event.altKey
      ? { ArrowUp: () => shift(-1), ArrowDown: () => shift(1) }
      : command
        ? { Home: () => go(0, 0), End: () => go(rules.length - 1, lastColumn), d: () => rule && set(copyRule(table, spot.row)), Delete: () => rule && set(removeRule(table, spot.row)), Backspace: () => rule && set(removeRule(table, spot.row)), Enter: () => add(spot.row + 1) }
        : {
            ArrowUp: () => go(spot.row - 1, spot.column), ArrowDown: () => go(spot.row + 1, spot.column), ArrowLeft: () => go(spot.row, spot.column - 1), ArrowRight: () => go(spot.row, spot.column + 1),
            Home: () => go(spot.row, 0), End: () => go(spot.row, lastColumn), PageUp: () => go(spot.row - page, spot.column), PageDown: () => go(spot.row + page, spot.column),
            Enter: () => open(), F2: () => open(), Delete: clear, Backspace: clear, Insert: () => add(spot.row + 1),
          }
    const act = acts[event.key] ?? (!command && !event.altKey && event.key.length === 1 && event.key !== ' ' ? () => open(event.key) : undefined)
    if (!act) return
    event.preventDefault()
    act()
  }
  const paste = (event: ClipboardEvent) => {
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    set(pasted(table, rules.length ? spot.row : 0, spot.column, gridOf(event.clipboardData.getData('text/plain')), (target, plain) => meaning(target, kindOf(target), plain)))
  }
  const copy = (event: ClipboardEvent) => {
    if (event.target !== event.currentTarget || !rule) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', column ? textOf(rule, column) : rule.description)
  }
  const dropped = ({ active, over }: DragEndEvent) => {
    const [from, to] = [active.id, over?.id].map((key) => rules.findIndex((one) => one.key === key)) as [number, number]
    if (from < 0 || to < 0) return
    set(moveRule(table, from, to))
    move({ row: to, column: spot.column })
  }
  const inputs = columnsOf(table, 'inputs').length
  const template = `52px ${columns.map((one) => (one.part === 'notes' ? 'minmax(160px, 1fr)' : 'minmax(148px, 1fr)')).join(' ')} minmax(160px, 1fr)`
  const pick = useCallback((row: number, at: number, again: boolean) => {
    const opens = again && document.activeElement === grid.current
    move({ row, column: at })
    grid.current?.focus({ preventScroll: true })
    const anchor = document.getElementById(cellId({ row, column: at }))
    if (opens && anchor) setEditing({ typed: '', anchor })
  }, [grid, move])
  return (
    <div className="ru-scroll" ref={scroller} tabIndex={-1}>
      <div className="ru-grid" role="grid" aria-label={table.name} aria-rowcount={rules.length + 1} aria-colcount={columns.length + 2} tabIndex={0} ref={grid} aria-activedescendant={rule ? cellId(spot) : undefined} onKeyDown={keys} onPaste={paste} onCopy={copy} style={{ '--ru-columns': template } as React.CSSProperties}>
        <div className="ru-head" role="row" aria-rowindex={1}>
          <span className="ru-corner" role="columnheader">
            <span className="unseen">{t('rules.row')}</span>
          </span>
          {columns.map((one, at) => (
            <div key={one.key} role="columnheader" className="ru-column" data-part={one.part} data-first={at === inputs || undefined}>
              <span className="cap">{at === 0 && one.part === 'inputs' ? t('rules.if') : at === inputs && one.part === 'outputs' ? t('rules.then') : ''}</span>
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [
                    { key: 'edit', label: t('rules.columnEdit') },
                    { key: 'left', label: t('rules.columnLeft'), disabled: columns[at - 1]?.part !== one.part },
                    { key: 'right', label: t('rules.columnRight'), disabled: columns[at + 1]?.part !== one.part },
                    { type: 'divider' },
                    { key: 'remove', label: t('rules.columnRemove'), danger: true, disabled: one.part === 'outputs' && columnsOf(table, 'outputs').length < 2 },
                  ],
                  onClick: ({ key, domEvent }) => {
                    domEvent.stopPropagation()
                    if (key === 'edit') edit(one)
                    else set(key === 'remove' ? removeColumn(table, one.key) : moveColumn(table, one.key, key === 'left' ? -1 : 1))
                  },
                }}
              >
                <button type="button" className="ru-column-name" title={one.expression}>
                  <b className="cut">{headOf(one)}</b>
                  <span className="cap nowrap">{one.part === 'notes' ? t('rules.remark') : kindOf(one).options && kindOf(one).kind === 'text' ? t('rules.kind.choice') : t(`rules.kind.${kindOf(one).kind}`)}</span>
                  <ChevronDown {...icon14} />
                </button>
              </Dropdown>
            </div>
          ))}
          <div role="columnheader" className="ru-column" data-part="notes">
            <span className="cap" />
            <span className="ru-column-name ink3">{t('rules.remark')}</span>
          </div>
        </div>
        <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={dropped} accessibility={{ container: document.body }}>
          <SortableContext items={rules.map((one) => one.key)} strategy={verticalListSortingStrategy}>
            <div role="rowgroup" className="ru-rows" style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map((item) => (
                <Row key={item.key} at={item.index} start={item.start} measure={rows.measureElement} rule={rules[item.index]!} columns={columns} inputs={inputs} kindOf={kindOf} active={item.index === spot.row ? spot.column : null} findings={findings.get(item.index)} trace={trace?.rules[item.index]?.rule === item.index + 1 ? trace.rules[item.index]! : (trace?.rules.find((one) => one.rule === item.index + 1) ?? null)} pick={pick} />
              ))}
            </div>
          </SortableContext>
        </DndContext>
      </div>
      <p className="cap ru-hint">{t('rules.hint')}</p>
      {editing && rule && <CellEditor key={cellId(spot)} column={column} label={t('rules.cell', { row: spot.row + 1, column: column ? headOf(column) : t('rules.remark') })} text={column ? textOf(rule, column) : rule.description} kind={column ? kindOf(column) : NO_KIND} typed={editing.typed} anchor={editing.anchor} done={done} />}
    </div>
  )
}
