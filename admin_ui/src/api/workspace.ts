// The agent's workspace: views, canned texts, the next ticket, acts on many, the board, who else looks.
import { useQuery } from '@tanstack/react-query'
import type { SlaClock } from './clocks'
import { call, newKey } from './client'
import type { components } from './schema'
import type { Page, Priority, StatusInfo, TicketRow } from './types'

type Schemas = components['schemas']
export type View = Schemas['ViewOut']
export type CannedText = Schemas['CannedTextOut']
export type Run = Schemas['BulkOut']
export type Card = Omit<Schemas['CardOut'], 'clocks' | 'priority'> & { clocks: SlaClock[]; priority: Priority }
export type Column = StatusInfo & { count: number }
export interface Board {
  type: string
  type_name: string
  columns: Column[]
  cards: Card[]
}
export type Move = Omit<Schemas['MoveOut'], 'status'> & { status: StatusInfo }
export type Looker = Schemas['LookerOut']
export type Doing = 'reading' | 'writing' | 'gone'
export type WorkLog = Schemas['WorkLogOut']
export type Similar = TicketRow & { why: string[] }

const part = encodeURIComponent
const of = (number: string) => `/tickets/${part(number)}`

export const viewsKey = ['views'] as const
export const useViews = () => useQuery({ queryKey: viewsKey, queryFn: () => call<Page<View>>('GET', '/views', { query: { limit: 200 } }), staleTime: 60_000 })
export const keepView = (body: { name: string; query: string; shared: string | null }) => call<View>('POST', '/views', { body, key: newKey() })
export const dropView = (id: string) => call<void>('DELETE', `/views/${part(id)}`)

export const textsKey = ['canned-texts'] as const
export const useTexts = (enabled: boolean) => useQuery({ queryKey: textsKey, queryFn: () => call<Page<CannedText>>('GET', '/canned-texts', { query: { limit: 200 } }), enabled })
export const keepText = (body: { name: string; body: string; shared: string | null }) => call<CannedText>('POST', '/canned-texts', { body, key: newKey() })
export const dropText = (id: string) => call<void>('DELETE', `/canned-texts/${part(id)}`)
export const useFilledTexts = (number: string, enabled: boolean) =>
  useQuery({ queryKey: ['ticket', number, 'canned-texts'], queryFn: () => call<{ texts: { id: string; name: string; text: string }[] }>('GET', `${of(number)}/canned-texts`), enabled })

export const takeNext = () => call<{ number: string | null }>('POST', '/tickets/next', { key: newKey() })

export type Act = { act: 'assign'; user: string } | { act: 'priority'; priority: string } | { act: 'close' } | { act: 'claim' } | { act: 'action'; element: string; action: string }
export const beginRun = (tickets: string[], act: Act) => call<Run>('POST', '/bulk-runs', { body: { tickets, ...act }, key: newKey() })
export const useRun = (id: string | undefined) =>
  useQuery({ queryKey: ['bulk-run', id], queryFn: () => call<Run>('GET', `/bulk-runs/${part(id!)}`), enabled: !!id, refetchInterval: ({ state }) => (state.data?.pending ? 1_000 : false) })

export const useBoard = (query: Record<string, string>) =>
  useQuery({ queryKey: ['tickets', 'board', query], queryFn: () => call<Board>('GET', '/board', { query }), enabled: !!query.type, placeholderData: (before) => before })
export const movesOf = async (number: string): Promise<Move[]> => (await call<{ moves: Move[] }>('GET', `${of(number)}/moves`)).moves
export const makeMove = (number: string, status: string) => call<void>('POST', `${of(number)}/moves`, { body: { status }, key: newKey() })

export const look = (number: string, rev: number, doing: Doing) => call<{ others: Looker[] }>('POST', `${of(number)}/presence`, { body: { rev, doing } })
export const useSeen = (numbers: string[]) =>
  useQuery({
    queryKey: ['seen', numbers],
    queryFn: () => call<{ revs: Record<string, number> }>('GET', '/tickets/seen', { query: { numbers: numbers.slice(0, 200).join(',') } }),
    enabled: numbers.length > 0,
    placeholderData: (before) => before,
  })

export const useSimilar = (title: string, asset?: string) =>
  useQuery({ queryKey: ['similar', title, asset], queryFn: () => call<{ similar: Similar[] }>('GET', '/tickets/similar', { query: { title, asset } }), enabled: title.trim().length > 3, placeholderData: (before) => before })

export const merge = (number: string, into: string) => call<void>('POST', `${of(number)}/merge`, { body: { into }, key: newKey() })
export const link = (number: string, other: string, kind: string) => call<void>('POST', `${of(number)}/links`, { body: { number: other, kind }, key: newKey() })
export const unlink = (number: string, other: string, kind: string) => call<void>('DELETE', `${of(number)}/links/${part(kind)}/${part(other)}`)
export const useWorkLog = (number: string, enabled: boolean) => useQuery({ queryKey: ['ticket', number, 'work-log'], queryFn: () => call<WorkLog>('GET', `${of(number)}/work-log`), enabled })
export const logWork = (number: string, minutes: number, note: string) => call<WorkLog>('POST', `${of(number)}/work-log`, { body: { minutes, note }, key: newKey() })
export const findTickets = (q: string) => call<Page<TicketRow>>('GET', '/tickets', { query: { q, limit: 8 } })
