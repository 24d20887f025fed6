// Where a ticket stands, in the few named steps that its requester knows.
import type { Category, TicketRow } from '../../api/types'
import { t, words } from '../../i18n/t'

export interface Step {
  label: string
  state: 'done' | 'current' | 'todo'
}

// For a type that names no steps of its own.
const USUAL: Record<Category, number> = { new: 0, open: 1, waiting: 1, resolved: 2, closed: 3, cancelled: -1 }

export function progressOf(ticket: TicketRow): Step[] {
  const named = (ticket.progress ?? []).map((step): Step => ({ label: words(step.label), state: step.state ?? 'todo' }))
  const at = USUAL[ticket.status.category]
  if (named.length > 1 && named.some((step) => step.state !== 'todo')) return named
  if (at < 0) return []
  const usual = [t('progress.submitted'), t('progress.handling'), t('progress.confirming'), t('progress.done')]
  return usual.map((label, place) => ({ label, state: place < at || at === 3 ? 'done' : place === at ? 'current' : 'todo' }))
}
