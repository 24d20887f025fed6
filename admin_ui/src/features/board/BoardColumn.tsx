// One status of the board; of long columns only the cards in sight are drawn.
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useRef } from 'react'
import { useNavigate } from 'react-router'
import type { Card, Column, Move } from '../../api/workspace'
import { t } from '../../i18n/t'
import { StatusShape } from '../../ui/shapes'
import { status as statuses } from '../../ui/theme'
import { CardFace } from './CardFace'

const CARD = 102 // px, with the space below it

interface Props {
  column: Column
  cards: Card[]
  dragged: Card | null
  move: Move | undefined
  known: boolean // whether the moves of the dragged card are
}

export const BoardColumn = memo(function BoardColumn({ column, cards, dragged, move, known }: Props) {
  const scroll = useRef<HTMLDivElement>(null)
  const { setNodeRef, isOver } = useDroppable({ id: column.key })
  const rows = useVirtualizer({ count: cards.length, getScrollElement: () => scroll.current, estimateSize: () => CARD, overscan: 6 })
  const foreign = dragged && dragged.status !== column.key
  return (
    <section className="board-column" ref={setNodeRef} aria-label={column.label} data-drop={foreign && known ? (move ? 'yes' : 'no') : undefined} data-over={(isOver && foreign) || undefined} data-status={column.key}>
      <h2 className="row g6">
        <span className={'mark tone-' + statuses[column.category].tone}>
          <StatusShape category={column.category} />
        </span>
        {column.label}
        <span className="cap">{column.count}</span>
      </h2>
      {foreign && known && <p className="board-hint cap">{move ? t('board.dropHere', { action: move.label ?? column.label }) : t('board.notFromHere')}</p>}
      <div className="board-cards" ref={scroll}>
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => (
            <li key={cards[row.index]!.number} style={{ transform: `translateY(${row.start}px)` }}>
              <Draggable card={cards[row.index]!} />
            </li>
          ))}
        </ul>
        {column.count > cards.length && <p className="cap board-rest">{t('board.more', { n: column.count - cards.length })}</p>}
      </div>
    </section>
  )
})

function Draggable({ card }: { card: Card }) {
  const navigate = useNavigate()
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: card.number, data: card })
  const open = () => void navigate(`/work/${encodeURIComponent(card.number)}`)
  return (
    <div
      ref={setNodeRef}
      {...attributes}
      {...listeners}
      aria-roledescription={t('board.card')}
      className="board-slot"
      data-number={card.number}
      data-gone={isDragging || undefined}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !isDragging) open()
        else listeners?.onKeyDown?.(event)
      }}
    >
      <CardFace card={card} />
    </div>
  )
}
