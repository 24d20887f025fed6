// Approvals: everybody's own lists, one with its ledger, and acting on it.
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { call, newKey, type Query } from './client'
import type { components } from './schema'
import type { Page, Priority, Values } from './types'

type Schemas = components['schemas']
type With<Base, More> = Omit<Base, keyof More> & More

export const BOXES = ['todo', 'done', 'sent', 'copied'] as const
export type Box = (typeof BOXES)[number]

export interface Asks {
  opinion: boolean
  signature: boolean
  form: boolean
}

export type Row = With<Schemas['ApprovalRow'], { priority: Priority; asks: Asks }>
export type Seat = Schemas['ApprovalSeat']
export type Round = With<Schemas['ApprovalRound'], { seats: Seat[] }>
export type Done = With<Schemas['ApprovalDone'], { data: Record<string, unknown> }>
export type Copy = { person: string; person_name: string; sent_by: string; at: string; read_at: string | null }
export type Ledger = With<
  Schemas['ApprovalLedger'],
  {
    rounds: Round[]
    timeline: Done[]
    asks: Asks
    targets: { element: string; name: string }[]
    copies: Copy[]
    urges: { count: number; next: string | null }
    draft: { comment: string | null; values: Values } | null
    people: Record<string, string>
  }
>

export interface Request {
  action: string
  comment?: string
  users?: string[]
  mode?: string
  target?: string
  resubmit?: string
  signature?: string
  seat?: string
  values?: Values
}

interface Result {
  task: string
  status: number
  title?: string
  detail?: string
}

const part = encodeURIComponent
// Below "tasks": whatever happens to a task makes its approval old (api/live.ts).
const KEY = ['tasks', 'approvals'] as const

export function useApprovals(query: Query) {
  return useInfiniteQuery({
    queryKey: [...KEY, 'box', query],
    queryFn: ({ pageParam }) => call<Page<Row>>('GET', '/approvals', { query: { ...query, limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export const useApprovalCounts = () =>
  useQuery({ queryKey: [...KEY, 'counts'], queryFn: () => call<{ todo: number; copied: number }>('GET', '/approvals/counts'), retry: false, staleTime: 5_000 })

const one = (task: string) => ({ queryKey: [...KEY, 'one', task], queryFn: () => call<Ledger>('GET', `/approvals/${part(task)}`), retry: false })

export const useApproval = (task: string) => useQuery(one(task))

/** The ledgers of a ticket's approvals in the order in which they were opened; what cannot be read is left out. */
export function useLedgers(number: string | undefined): Ledger[] {
  const timeline = useQuery({
    queryKey: [...KEY, 'ticket', number],
    queryFn: () => call<Page<Done>>('GET', `/tickets/${part(number!)}/approvals`, { query: { limit: 200 } }),
    enabled: !!number,
  })
  const tasks = [...new Set(timeline.data?.items.flatMap((done) => (done.task ? [done.task] : [])))]
  return useQueries({ queries: tasks.map(one), combine: (all) => all.flatMap((found) => (found.data ? [found.data] : [])) })
}

export const act = (task: string, request: Request, key = newKey()) => call<Ledger>('POST', `/approvals/${part(task)}/actions`, { body: request, key })

export const decideSeveral = (tasks: string[], action: string, comment: string) =>
  call<{ results: Result[] }>('POST', '/approvals/batch', { body: { tasks, action, ...(comment ? { comment } : {}) }, key: newKey() })

export const markRead = (task: string) => call<Ledger>('POST', `/approvals/${part(task)}/read`, { body: {} })
