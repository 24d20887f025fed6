// The list in the centre: two lines a ticket, loaded as it is scrolled.
import { Button, Checkbox, Dropdown, Popover, Select } from 'antd'
import { ArrowDownUp, ListFilter, Menu } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { Link, useNavigate } from 'react-router'
import type { SlaClock } from '../../api/clocks'
import { useProcesses, useTypes } from '../../api/queries'
import type { Priority, TicketRow } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Empty, Failed, icon, IconButton, Key, Loading, Name } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { RowClock } from '../../ui/Clock'
import { PriorityMark, Status } from '../../ui/shapes'
import { shortWhen } from '../../ui/time'
import { useSeen } from '../../api/workspace'
import { SORTS, write, type Filter, type Sort } from './filters'
import { BulkBar } from './BulkBar'
import { useQueueName } from './Queues'
import { KeepView } from './Views'

const PRIORITIES: Priority[] = ['P0', 'P1', 'P2', 'P3', 'P4']

interface Props {
  filter: Filter
  rows: TicketRow[] | undefined
  error: unknown
  again: () => void
  selected: string | undefined
  count: number | undefined
  more: (() => void) | null
  loadingMore: boolean
  list: RefObject<HTMLDivElement | null>
  openQueues?: () => void
  chosen: ReadonlySet<string>
  choose: (number: string) => void
  clearChosen: () => void
}

export function TicketList({ filter, rows, error, again, selected, count, more, loadingMore, list, openQueues, chosen, choose, clearChosen }: Props) {
  const queueName = useQueueName()
  const Title = usePhone() ? 'h1' : 'h2'
  const end = useRef<HTMLDivElement>(null)
  const fresh = useFresh(rows)
  const unread = useUnread(rows)
  useEffect(() => {
    if (!end.current || !more) return
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), { root: list.current, rootMargin: '400px' })
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [more, list])
  const narrowed = filter.q || filter.type || filter.priority.length
  return (
    <section className="tickets" aria-label={t('work.list')} data-choosing={chosen.size > 0 || undefined}>
      <div className="tickets-head">
        {openQueues && (
          <IconButton label={t('queue.title')} onClick={openQueues}>
            <Menu {...icon} />
          </IconButton>
        )}
        <Title className="cut">{filter.q ? t('work.found', { q: filter.q }) : queueName(filter.queue)}</Title>
        {count !== undefined && !narrowed && <span className="cap">{count}</span>}
        <span className="grow" />
        {!openQueues && (
          <Link to={'/board' + (filter.type ? '?type=' + encodeURIComponent(filter.type) : '')} className="t12">
            {t('board.title')}
          </Link>
        )}
        <KeepView filter={filter} />
        <Narrow filter={filter} />
        <Order filter={filter} />
      </div>
      {chosen.size > 0 && <BulkBar chosen={[...chosen]} clear={clearChosen} />}
      <div className="scroll grow" ref={list}>
        {error ? (
          <Failed error={error} again={again} />
        ) : !rows ? (
          <Loading lines={8} />
        ) : rows.length ? (
          rows.map((row) => <Row key={row.number} row={row} filter={filter} on={row.number === selected} fresh={fresh.has(row.number)} unread={unread(row)} chosen={chosen.has(row.number)} choose={choose} />)
        ) : narrowed ? (
          <Empty
            title={filter.q ? t('work.notFound', { q: filter.q }) : t('work.noneMatch')}
            text={t('work.noneMatchWhat')}
            action={
              <Link to={'/work' + write({ ...filter, q: '', type: '', priority: [] })}>
                <Button tabIndex={-1}>{t('work.clearFilter')}</Button>
              </Link>
            }
          />
        ) : filter.queue === 'mine' ? (
          <Empty
            title={t('work.noneMine')}
            text={t('work.noneMineWhat')}
            action={
              <Link to={'/work' + write({ ...filter, queue: 'none' })}>
                <Button tabIndex={-1}>{t('work.seeUnassigned')}</Button>
              </Link>
            }
          />
        ) : (
          <Empty title={t('work.noneHere')} />
        )}
        {more && (
          <div ref={end} className="tickets-more">
            <Button size="small" type="text" loading={loadingMore} onClick={more}>
              {t('do.more')}
            </Button>
          </div>
        )}
      </div>
      <div className="tickets-foot cap">
        <span>{t(`sort.${filter.sort}`)}</span>
        <span className="row g4">
          <Key>J</Key>
          <Key>K</Key>
          {t('keys.move')} <Key>E</Key>
          {t('keys.work')} <Key>?</Key>
        </span>
      </div>
    </section>
  )
}

interface RowProps {
  row: TicketRow
  filter: Filter
  on: boolean
  fresh: boolean
  unread: boolean
  chosen: boolean
  choose: (number: string) => void
}

function Row({ row, filter, on, fresh, unread, chosen, choose }: RowProps) {
  return (
    <div className="ticket-line" data-chosen={chosen || undefined}>
      <Checkbox className="ticket-check" aria-label={t('bulk.choose', { number: row.number })} checked={chosen} onChange={() => choose(row.number)} />
      <Link to={`/work/${encodeURIComponent(row.number)}${write(filter)}`} className="ticket-row" aria-current={on ? 'true' : undefined} data-fresh={fresh || undefined} data-unread={unread || undefined} data-number={row.number}>
        <span className="row g8">
          <PriorityMark of={row.priority} />
          {unread && <i className="unread" role="img" aria-label={t('work.unread')} />}
          <span className="ticket-title cut">{row.title}</span>
          <time className="cap" dateTime={row.created_at}>
            {shortWhen(row.created_at)}
          </time>
        </span>
        <span className="row g8">
          <Status of={row.status} />
          <span className="cap cut grow">
            {row.requester_name ?? <Name of={row.requester} />}
            {row.type_name && ` · ${words(row.type_name)}`}
          </span>
          <span className="cap cut fix ticket-holder">{row.assignee ? (row.assignee_name ?? <Name of={row.assignee} />) : t('queue.none')}</span>
          <RowClock clocks={row.clocks as SlaClock[] | undefined} />
        </span>
      </Link>
    </div>
  )
}

/** Whether a ticket has news since this person last opened it. */
function useUnread(rows: TicketRow[] | undefined): (row: TicketRow) => boolean {
  const seen = useSeen(useMemo(() => (rows ?? []).map((row) => row.number), [rows])).data?.revs
  return (row) => !!seen && row.number in seen ? seen[row.number]! < row.rev : !!seen && !row.closed_at
}

/** The tickets that came while the list was open. */
function useFresh(rows: TicketRow[] | undefined): Set<string> {
  const known = useRef<{ first: string; numbers: Set<string> } | null>(null)
  const [fresh, setFresh] = useState<Set<string>>(new Set())
  useEffect(() => {
    if (!rows) return
    const numbers = new Set(rows.map((row) => row.number))
    const before = known.current?.numbers
    known.current = { first: rows[0]?.number ?? '', numbers }
    if (!before?.size) return
    const came = [...numbers].slice(0, 10).filter((number) => !before.has(number))
    if (came.length && came.length < 5) setFresh(new Set(came))
  }, [rows])
  return fresh
}

function Narrow({ filter }: { filter: Filter }) {
  const navigate = useNavigate()
  const types = useTypes()
  const processes = useProcesses()
  const change = (part: Partial<Filter>) => void navigate('/work' + write({ ...filter, ...part }))
  const on = !!filter.type || filter.priority.length > 0
  const names = new Map([...(processes.data?.items ?? []), ...(types.data?.items ?? [])].map((type) => [type.key, words(type.name) || type.key]))
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="narrow-box">
          <span className="t12">{t('work.type')}</span>
          <Select aria-label={t('work.type')} allowClear placeholder={t('work.anyType')} value={filter.type || undefined} onChange={(type?: string) => change({ type: type ?? '' })} options={[...names].map(([value, label]) => ({ value, label }))} />
          <span className="t12">{t('work.priority')}</span>
          <Checkbox.Group value={filter.priority} onChange={(priority) => change({ priority: (priority as string[]).sort() })} options={PRIORITIES.map((value) => ({ value, label: `${value} ${t(`priority.${value}`)}` }))} />
        </div>
      }
    >
      <IconButton label={on ? t('work.filterOn') : t('work.filter')} aria-pressed={on}>
        <ListFilter {...icon} />
      </IconButton>
    </Popover>
  )
}

function Order({ filter }: { filter: Filter }) {
  const navigate = useNavigate()
  return (
    <Dropdown
      trigger={['click']}
      menu={{ selectable: true, selectedKeys: [filter.sort], items: SORTS.map((key) => ({ key, label: t(`sort.${key}`) })), onClick: ({ key }) => void navigate('/work' + write({ ...filter, sort: key as Sort })) }}
    >
      <IconButton label={t('work.sort', { by: t(`sort.${filter.sort}`) })}>
        <ArrowDownUp {...icon} />
      </IconButton>
    </Dropdown>
  )
}
