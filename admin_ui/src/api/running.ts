// Where the running tickets of a type stand.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call } from './client'
import type { components } from './schema'
import type { Page } from './types'

type Schemas = components['schemas']
export type Running = Schemas['RunningOut']
export type StandingTicket = Schemas['RunningTicketOut']

const part = encodeURIComponent
const OFTEN = 15_000

export const useRunning = (key: string | undefined, version: number | undefined) =>
  useQuery({ queryKey: ['tickets', 'running', key, version], queryFn: () => call<Running>('GET', `/processes/${part(key!)}/running`, { query: { version } }), enabled: !!key, refetchInterval: OFTEN, placeholderData: (before) => (before?.key === key ? before : undefined) })

export const useStanding = (key: string, version: number | undefined, element: string | null) =>
  useInfiniteQuery({
    queryKey: ['tickets', 'standing', key, version, element],
    queryFn: ({ pageParam }) => call<Page<StandingTicket>>('GET', `/processes/${part(key)}/running/tickets`, { query: { version, element, limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
