// What a list of tickets shows, kept in the address: ?queue=&type=&priority=&q=&sort=
import type { Query } from '../../api/client'
import type { Category } from '../../api/types'

export type Sort = '-created_at' | 'created_at' | '-updated_at' | 'priority' | 'due'
export const SORTS: Sort[] = ['-updated_at', '-created_at', 'created_at', 'priority', 'due']
export const OPEN = 'new,open,waiting,resolved'
export const CATEGORIES: Category[] = ['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled']

/** Queues by what the clocks of tickets say. */
export const TIMED = ['due_today', 'at_risk', 'overdue'] as const

export interface Filter {
  queue: string // mine, groups, a queue of TIMED, watched, none, all, any, group:<key> or category:<category>
  type: string
  priority: string[]
  q: string
  sort: Sort
}

export function read(search: URLSearchParams): Filter {
  const sort = search.get('sort') as Sort
  return {
    queue: search.get('queue') ?? 'mine',
    type: search.get('type') ?? '',
    priority: search.get('priority')?.split(',').filter(Boolean) ?? [],
    q: search.get('q') ?? '',
    sort: SORTS.includes(sort) ? sort : '-updated_at',
  }
}

export function write(filter: Filter): string {
  const search = new URLSearchParams()
  if (filter.queue !== 'mine') search.set('queue', filter.queue)
  if (filter.type) search.set('type', filter.type)
  if (filter.priority.length) search.set('priority', filter.priority.join(','))
  if (filter.q) search.set('q', filter.q)
  if (filter.sort !== '-updated_at') search.set('sort', filter.sort)
  const text = search.toString()
  return text ? '?' + text : ''
}

export function toQuery({ queue, type, priority, q, sort }: Filter): Query {
  const query: Query = { type, priority: priority.join(','), q, sort }
  if (queue.startsWith('group:')) return { ...query, group: queue.slice(6), category: OPEN }
  if (queue.startsWith('category:')) return { ...query, category: queue.slice(9) }
  if (queue === 'groups') return { ...query, group: 'mine', category: OPEN }
  if (queue === 'at_risk') return { ...query, sla: 'at_risk' }
  if (queue === 'overdue') return { ...query, sla: 'breached' }
  if (queue === 'due_today') return { ...query, sla: 'due_today' }
  if (queue === 'none') return { ...query, assignee: 'none', category: OPEN }
  if (queue === 'watched') return { ...query, watcher: 'me' }
  if (queue === 'all') return { ...query, category: OPEN }
  if (queue === 'any') return query
  return { ...query, assignee: 'me', category: OPEN }
}
