// Work: queues at the left, the list in the centre, the ticket at the right.
import { App, Button, Drawer, Modal } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { ticketChanged, useCounts, useTickets } from '../../api/queries'
import { asProblem } from '../../api/client'
import type { Category } from '../../api/types'
import { takeNext } from '../../api/workspace'
import { t } from '../../i18n/t'
import { Empty, Key } from '../../ui/bits'
import { Bar, PlusIcon } from '../../ui/Frame'
import { useMedia, usePhone } from '../../ui/prefs'
import { TicketPane } from '../ticket/TicketPane'
import { read, toQuery, write, type Filter } from './filters'
import { NewTicketMenu } from './NewTicketMenu'
import { Queues } from './Queues'
import { TicketList } from './TicketList'
import { useShortcuts } from './useShortcuts'
import './work.css'

const SHORTCUTS = [
  ['J', 'keys.next'],
  ['K', 'keys.previous'],
  ['E', 'keys.workOn'],
  ['R', 'keys.reply'],
  ['F', 'keys.full'],
  ['C', 'keys.create'],
  ['N', 'work.next'],
  ['X', 'keys.choose'],
  ['A', 'keys.takeOn'],
  ['B', 'keys.board'],
  ['/', 'keys.search'],
  ['Ctrl K', 'palette.title'],
  ['?', 'keys.help'],
] as const

export default function Work() {
  const { number } = useParams()
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const filter = useMemo(() => read(search), [search])
  const phone = usePhone()
  const narrow = useMedia('(max-width: 1199px)')
  const full = search.get('full') === '1'
  const counts = useCounts().data
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTickets(toQuery(filter))
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data])
  const [queues, setQueues] = useState(false)
  const [help, setHelp] = useState(false)
  const [creating, setCreating] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const { chosen, choose, clearChosen } = useChosen()
  const next = useNext(filter)
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])

  const step = (by: 1 | -1) => {
    if (!rows?.length) return
    const at = rows.findIndex((row) => row.number === number)
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]!
    void navigate(`/work/${encodeURIComponent(next.number)}${write(filter)}`)
    list.current?.querySelector(`[data-number="${CSS.escape(next.number)}"]`)?.scrollIntoView({ block: 'nearest' })
    if (hasNextPage && at > rows.length - 10 && !isFetchingNextPage) more()
  }
  const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus()
  const setFull = (on: boolean) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      if (on) next.set('full', '1')
      else next.delete('full')
      return next
    })
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    e: () => focus('[data-step] .step-form :is(input, textarea, [role=combobox]), [data-step] button'),
    r: () => focus('[data-composer]'),
    f: () => number && setFull(!full),
    c: () => setCreating(true),
    n: () => void next(),
    x: () => number && choose(number),
    a: () => document.querySelector<HTMLElement>('[data-claim]')?.click(),
    b: () => void navigate('/board' + (filter.type ? '?type=' + encodeURIComponent(filter.type) : '')),
    '/': () => focus('[data-find]'),
    '?': () => setHelp(true),
    Escape: () => (chosen.size ? clearChosen() : full && setFull(false)),
  })
  // What the palette asks for: /work?do=next
  const asked = search.get('do')
  useEffect(() => {
    if (!asked) return
    setSearch((before) => {
      const left = new URLSearchParams(before)
      left.delete('do')
      return left
    }, { replace: true })
    if (asked === 'next') void next()
    if (asked === 'create') setCreating(true)
    if (asked === 'help') setHelp(true)
  }, [asked, next, setSearch])

  const shows = (part: 'queues' | 'list' | 'ticket') => {
    if (phone) return part === (number ? 'ticket' : 'list')
    if (full && number) return part === 'ticket'
    return part !== 'queues' || !narrow
  }
  return (
    <>
      <Bar
        title={<h1>{t('nav.work')}</h1>}
        tools={
          <>
            {!phone && (
              <Button size="small" onClick={() => void next()}>
                {t('work.next')}
              </Button>
            )}
          <Button type="primary" size={phone ? 'middle' : 'small'} icon={<PlusIcon />} aria-label={t('work.new')} onClick={() => setCreating(true)}>
            {phone ? null : t('work.new')}
          </Button>
          </>
        }
      />
      <div className="work" data-layout={phone ? 'phone' : full && number ? 'full' : narrow ? 'narrow' : 'wide'}>
        {shows('queues') && <Queues filter={filter} />}
        {shows('list') && (
          <TicketList
            filter={filter}
            rows={rows}
            error={error}
            again={() => void refetch()}
            selected={number}
            count={countOf(filter, counts)}
            more={hasNextPage && !isFetchingNextPage ? more : hasNextPage ? noMore : null}
            loadingMore={isFetchingNextPage}
            list={list}
            chosen={chosen}
            choose={choose}
            clearChosen={clearChosen}
            openQueues={phone || narrow ? () => setQueues(true) : undefined}
          />
        )}
        {shows('ticket') &&
          (number ? (
            <TicketPane key={number} number={number} full={full} setFull={phone ? undefined : setFull} back={phone ? () => void navigate('/work' + write(filter)) : undefined} />
          ) : (
            <div className="no-ticket">
              <Empty title={t('work.pick')} text={t('work.pickWhat')} />
            </div>
          ))}
      </div>
      <Drawer open={queues} onClose={() => setQueues(false)} placement="left" size={260} title={t('queue.title')} styles={{ body: { padding: 0 } }}>
        <Queues filter={filter} onChosen={() => setQueues(false)} />
      </Drawer>
      <NewTicketMenu open={creating} close={() => setCreating(false)} />
      <Modal open={help} onCancel={() => setHelp(false)} footer={null} title={t('keys.title')} width={420}>
        <ul className="col g8">
          {SHORTCUTS.map(([key, label]) => (
            <li key={key} className="row g12 t13">
              <Key>{key}</Key>
              {t(label)}
            </li>
          ))}
        </ul>
      </Modal>
    </>
  )
}

/** The tickets chosen for an act on several. */
function useChosen() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const choose = useCallback((number: string) => setChosen((before) => (before.has(number) ? new Set([...before].filter((one) => one !== number)) : new Set([...before, number]))), [])
  const clearChosen = useCallback(() => setChosen(new Set()), [])
  return { chosen, choose, clearChosen }
}

/** Takes the next ticket and opens it. */
function useNext(filter: Filter) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  return useCallback(async () => {
    try {
      const { number } = await takeNext()
      if (!number) return void message.info(t('work.noNext'))
      await ticketChanged(client, number)
      void navigate(`/work/${encodeURIComponent(number)}${write({ ...filter, queue: 'mine' })}`)
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }, [client, filter, message, navigate])
}

const noMore = () => undefined

function countOf({ queue }: Filter, counts: ReturnType<typeof useCounts>['data']): number | undefined {
  if (!counts) return undefined
  if (queue === 'mine') return counts.mine
  if (queue === 'none') return counts.unassigned
  if (queue === 'all') return counts.all
  if (queue === 'at_risk' || queue === 'overdue' || queue === 'due_today') return counts[queue]
  if (queue.startsWith('group:')) return counts.groups?.[queue.slice(6)]
  if (queue.startsWith('category:')) return counts.categories?.[queue.slice(9) as Category]
  return undefined
}
