// The board: a type's tickets in the columns of its statuses; a card goes only where the process lets it.
import { DndContext, DragOverlay, KeyboardSensor, PointerSensor, TouchSensor, pointerWithin, rectIntersection, useSensor, useSensors, type CollisionDetection, type DragEndEvent, type DragStartEvent, type KeyboardCoordinateGetter } from '@dnd-kit/core'
import { useQueryClient } from '@tanstack/react-query'
import { App, Select } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { asProblem } from '../../api/client'
import { ticketChanged, useTypes } from '../../api/queries'
import { makeMove, movesOf, useBoard, type Card, type Move } from '../../api/workspace'
import { t, words } from '../../i18n/t'
import { Empty, Failed, Loading } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { CardFace } from './CardFace'
import { BoardColumn } from './BoardColumn'
import './board.css'

export default function Board() {
  const [search, setSearch] = useSearchParams()
  const types = useTypes().data?.items
  const type = search.get('type') ?? types?.[0]?.key ?? ''
  const owner = search.get('assignee') ?? ''
  const { data, error, refetch } = useBoard({ type, assignee: owner })
  const change = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    })
  const { card, moves, sensors, start, end, cancel } = useDragging()
  const byStatus = useMemo(() => {
    const found = new Map<string, Card[]>()
    for (const one of data?.cards ?? []) found.set(one.status, [...(found.get(one.status) ?? []), one])
    return found
  }, [data])
  return (
    <>
      <Bar title={<h1>{t('board.title')}</h1>} />
      <div className="board-page">
        <div className="board-tools">
          <Select aria-label={t('work.type')} value={type || undefined} onChange={(value: string) => change('type', value)} options={types?.map((one) => ({ value: one.key, label: words(one.name) || one.key }))} popupMatchSelectWidth={false} />
          <Select
            aria-label={t('board.whose')}
            value={owner}
            onChange={(value: string) => change('assignee', value)}
            options={[
              { value: '', label: t('board.everybodys') },
              { value: 'me', label: t('queue.mine') },
              { value: 'none', label: t('queue.none') },
            ]}
          />
          <span className="grow" />
          <Link to={`/work?queue=all${type ? '&type=' + encodeURIComponent(type) : ''}`}>{t('board.asList')}</Link>
        </div>
        {error ? (
          <Failed error={error} again={() => void refetch()} />
        ) : !data ? (
          types?.length === 0 ? <Empty title={t('home.noTypes')} /> : <Loading lines={8} />
        ) : (
          <DndContext sensors={sensors} collisionDetection={columnUnder} onDragStart={start} onDragEnd={end} onDragCancel={cancel} accessibility={{ screenReaderInstructions: { draggable: t('board.howTo') } }}>
            <div className="board" role="group" aria-label={data.type_name}>
              {data.columns.map((column) => (
                <BoardColumn key={column.key} column={column} cards={byStatus.get(column.key) ?? []} dragged={card} move={moves?.find((one) => one.status.key === column.key)} known={!!moves} />
              ))}
            </div>
            <DragOverlay>{card && <CardFace card={card} lifted />}</DragOverlay>
          </DndContext>
        )}
      </div>
    </>
  )
}

/** The card in hand, where it can go, and what becomes of it when it is let go. */
function useDragging() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [card, setCard] = useState<Card | null>(null)
  const [moves, setMoves] = useState<Move[] | null>(null)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNextColumn }),
  )
  const start = ({ active }: DragStartEvent) => {
    const chosen = active.data.current as Card
    setCard(chosen)
    setMoves(null)
    movesOf(chosen.number).then(setMoves, () => setMoves([]))
  }
  const cancel = () => setCard(null)
  const end = ({ active, over }: DragEndEvent) => {
    setCard(null)
    const chosen = active.data.current as Card
    const status = over?.id
    if (!status || status === chosen.status) return
    const fitting = moves?.filter((one) => one.status.key === status)
    if (fitting?.length && fitting.every((one) => one.asks)) {
      void message.info(t('board.fillIn'))
      void navigate(`/work/${encodeURIComponent(chosen.number)}`)
      return
    }
    // The server has the last word, and says why not.
    makeMove(chosen.number, String(status))
      .then(() => void message.success(t('board.moved', { number: chosen.number })))
      .catch((error: unknown) => void message.error(asProblem(error).message, 6))
      .finally(() => void ticketChanged(client, chosen.number))
  }
  return { card, moves, sensors, start, end, cancel }
}

// The column under the pointer; from the keyboard, the one that the card lies over.
const columnUnder: CollisionDetection = (args) => (args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args))

/** With the arrow keys a card goes from column to column. */
const toNextColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const by = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0
  if (!by) return undefined
  event.preventDefault()
  const columns = [...context.droppableRects.entries()].sort(([, a], [, b]) => a.left - b.left)
  const here = context.over?.id ?? (context.active?.data.current as Card | undefined)?.status
  const at = columns.findIndex(([id]) => id === here)
  const next = columns[Math.min(columns.length - 1, Math.max(0, at + by))]?.[1]
  return next ? { x: next.left + 8, y: next.top + 60 } : currentCoordinates
}
