// Everything that pages read, one hook each; keys begin with what a change makes old (api/live.ts).
import { type QueryClient, useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, keepCsrf, type Query } from './client'
import { orKept } from './offline'
import type * as T from './types'

const part = encodeURIComponent
const MINUTES = 60_000

export const sessionKey = ['session'] as const

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: Infinity, retry: false })
}

async function fetchSession(): Promise<T.Session | null> {
  return keep(await orKept('session', () => call<T.Session>('GET', '/session'), (session) => ({ ...session, csrf: null })))
}

const keep = (session: T.Session): T.Session => {
  keepCsrf(session.csrf ?? '')
  return session
}

export const signIn = async (username: string, password: string) => keep(await call<T.Session>('POST', '/session', { body: { username, password } }))
export const signOut = () => call<void>('DELETE', '/session')

/** Who is signed in; only below the frame that has made sure of it. */
export function useMe(): T.Session {
  const { data } = useSession()
  if (!data) throw new Error('nobody is signed in')
  return data
}

export const useTypes = () => useQuery({ queryKey: ['types'], queryFn: () => orKept('types', () => call<T.Page<T.TypeCard>>('GET', '/ticket-types', { query: { limit: 200 } })), staleTime: MINUTES })
export const useType = (key: string | undefined) =>
  useQuery({ queryKey: ['types', key], queryFn: () => orKept('type.' + key, () => call<T.TicketType>('GET', `/ticket-types/${part(key!)}`)), enabled: !!key, staleTime: MINUTES })

export function useTickets(query: Query, limit = 50) {
  return useInfiniteQuery({
    queryKey: ['tickets', query, limit],
    queryFn: ({ pageParam }) => call<T.Page<T.TicketRow>>('GET', '/tickets', { query: { ...query, limit, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export const useCounts = () =>
  useQuery({ queryKey: ['counts'], queryFn: () => call<T.Counts>('GET', '/tickets/counts'), retry: false, staleTime: 5_000 })

export const useTicket = (number: string) => useQuery({ queryKey: ['ticket', number], queryFn: () => call<T.Ticket>('GET', `/tickets/${part(number)}`) })
const LONGEST = 10 // pages of 200: no ticket is read further than this

/** All of something that belongs to a ticket, page after page. */
const ofTicket = <X>(what: string) =>
  function useOfTicket(number: string, enabled = true) {
    return useQuery({
      queryKey: ['ticket', number, what],
      queryFn: async () => {
        const pages: T.Page<X>[] = []
        for (let cursor: string | null = null; pages.length < LONGEST; ) {
          const page: T.Page<X> = await call('GET', `/tickets/${part(number)}/${what}`, { query: { limit: 200, cursor } })
          pages.push(page)
          cursor = page.next
          if (!cursor) break
        }
        return { items: pages.flatMap((page) => page.items) }
      },
      enabled,
    })
  }
export const useComments = ofTicket<T.Comment>('comments')
export const useHistory = ofTicket<T.HistoryItem>('history')
export const useFiles = ofTicket<T.StoredFile>('attachments')
export const useDiagram = (number: string) => useQuery({ queryKey: ['ticket', number, 'diagram'], queryFn: () => call<T.DiagramState>('GET', `/tickets/${part(number)}/diagram`) })

const taskQuery = (ticket: string, id: string) => ({ queryKey: ['ticket', ticket, 'task', id], queryFn: () => call<T.Task>('GET', `/tasks/${part(id)}`) })
export const useTask = (ticket: string, id: string | undefined) => useQuery({ ...taskQuery(ticket, id ?? ''), enabled: !!id })
/** Whether something is still on its way for any of a ticket's tasks. */
export const useTasksPending = (ticket: string, ids: string[]): boolean =>
  useQueries({ queries: ids.map((id) => taskQuery(ticket, id)), combine: (all) => all.some((one) => one.isPending) })
export const useMyTasks = () => useQuery({ queryKey: ['tasks', 'me'], queryFn: () => call<T.Page<T.TaskRow>>('GET', '/tasks', { query: { assignee: 'me', limit: 200 } }) })

/** Forgets what a change of a ticket has made old, here and now. */
export function ticketChanged(client: QueryClient, number: string): Promise<unknown> {
  return Promise.all([['ticket', number], ['tickets'], ['tasks'], ['counts']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

export const useGroups = () => useQuery({ queryKey: ['groups'], queryFn: () => call<T.Page<T.Group>>('GET', '/groups', { query: { limit: 200 } }), staleTime: MINUTES })
export const useDepartments = () => useQuery({ queryKey: ['departments'], queryFn: () => orKept('departments', () => call<T.Page<T.Department>>('GET', '/departments', { query: { limit: 200 } })), staleTime: MINUTES })
export const useRoles = () => useQuery({ queryKey: ['roles'], queryFn: () => call<T.Page<{ key: string; name: string }>>('GET', '/roles'), staleTime: Infinity })
export const findPeople = (q: string) => call<T.Page<T.Person>>('GET', '/users', { query: { q, limit: 20 } })

export function usePeople(q: string) {
  return useInfiniteQuery({
    queryKey: ['users', q],
    queryFn: ({ pageParam }) => call<T.Page<T.Person>>('GET', '/users', { query: { q, limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export const useProcesses = () => useQuery({ queryKey: ['processes'], queryFn: () => call<T.Page<T.Process>>('GET', '/processes', { query: { limit: 200 } }) })
export const useVersions = (key: string) => useQuery({ queryKey: ['processes', key, 'versions'], queryFn: () => call<T.Page<T.ProcessVersion>>('GET', `/processes/${part(key)}/versions`, { query: { limit: 200 } }) })
export const useVersion = (key: string, version: number | undefined) =>
  useQuery({ queryKey: ['processes', key, 'version', version], queryFn: () => call<T.VersionDetail>('GET', `/processes/${part(key)}/versions/${version}`), enabled: version !== undefined, staleTime: Infinity })
export const useIncidents = () => useQuery({ queryKey: ['incidents'], queryFn: () => call<T.Page<T.ProcessIncident>>('GET', '/process-incidents', { query: { limit: 200 } }), refetchInterval: 30_000 })

// People are named by username on the wire; their names are asked for in one call per moment.
let wanted = new Map<string, ((name: string) => void)[]>()

async function askNames(): Promise<void> {
  const asked = wanted
  wanted = new Map()
  const names = new Map<string, string>()
  try {
    const page = await call<T.Page<T.Person>>('GET', '/users', { query: { usernames: [...asked.keys()].join(','), limit: 200 } })
    for (const person of page.items) names.set(person.username, person.name)
  } catch {
    // A username is still a name.
  }
  for (const [username, told] of asked) told.forEach((tell) => tell(names.get(username) ?? username))
}

export const nameOf = (username: string) =>
  new Promise<string>((resolve) => {
    if (!wanted.size) setTimeout(() => void askNames(), 10)
    wanted.set(username, [...(wanted.get(username) ?? []), resolve])
  })

/** The name of a person; their username until it is known. */
export function useName(username: string | null | undefined): string {
  const client = useQueryClient()
  const me = client.getQueryData<T.Session | null>(sessionKey)?.user
  const own = me && me.username === username ? me.name : null
  const { data } = useQuery({ queryKey: ['name', username], queryFn: () => nameOf(username!), enabled: !!username && username !== 'system' && !own, staleTime: 10 * MINUTES })
  return own ?? data ?? username ?? ''
}
