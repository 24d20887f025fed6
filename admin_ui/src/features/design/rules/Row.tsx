// One rule: its number to drag, a cell for every column, what the checks and the trial say of it.
import { useSortable } from '@dnd-kit/sortable'
import { CircleAlert, GripVertical, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { TracedTable } from '../../../api/rules'
import type { Finding } from '../../../api/types'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { CellView } from './CellView'
import type { Kind } from './fields'
import { textOf, type Column, type Rule } from './table'

interface Props {
  at: number
  start: number
  measure: (node: Element | null) => void
  rule: Rule
  columns: Column[]
  inputs: number
  kindOf: (column: Column) => Kind
  active: number | null
  findings: Finding[] | undefined
  trace: TracedTable['rules'][number] | null
  pick: (row: number, column: number, again: boolean) => void
}

export const Row = memo(function Row({ at, start, measure, rule, columns, inputs, kindOf, active, findings, trace, pick }: Props) {
  const { setNodeRef, attributes, listeners, transform, isDragging } = useSortable({ id: rule.key })
  const wrongCell = (column: number) => findings?.some((finding) => finding.cell?.endsWith(`column ${column + 1}`))
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      data-index={at}
      data-hit={trace?.hit || undefined}
      data-active={active !== null || undefined}
      data-dragging={isDragging || undefined}
      className="ru-row"
      ref={(node) => {
        setNodeRef(node)
        measure(node)
      }}
      style={{ top: start, transform: transform ? `translateY(${transform.y}px)` : undefined }}
    >
      <div {...attributes} {...listeners} role="rowheader" className="ru-number" tabIndex={-1} aria-label={t('rules.rowDrag', { row: at + 1 })} onPointerUp={() => pick(at, active ?? 0, false)}>
        <GripVertical {...icon14} />
        {at + 1}
      </div>
      {columns.map((column, place) => (
        <div key={column.key} id={`ru-${at}-${place}`} role="gridcell" aria-colindex={place + 2} aria-selected={active === place} className="ru-cell" data-first={place === inputs || undefined} data-wrong={wrongCell(place) || undefined} onClick={() => pick(at, place, active === place)}>
          <CellView column={column} text={textOf(rule, column)} kind={kindOf(column)} hit={trace && column.part === 'inputs' ? trace.cells[place]?.hit : undefined} />
          {place === inputs && trace?.hit && <b className="ru-hit-word">{t('rules.hit')}</b>}
          {place === inputs &&
            findings?.map((finding, n) => (
              <span key={n} className={`ru-finding ${finding.severity === 'error' ? 'tone-red' : 'tone-amber'}`}>
                {finding.severity === 'error' ? <CircleAlert {...icon14} /> : <TriangleAlert {...icon14} />}
                {finding.text}
              </span>
            ))}
        </div>
      ))}
      <div id={`ru-${at}-${columns.length}`} role="gridcell" aria-colindex={columns.length + 2} aria-selected={active === columns.length} className="ru-cell" onClick={() => pick(at, columns.length, active === columns.length)}>
        <span className="ru-remark">{rule.description}</span>
      </div>
    </div>
  )
})
