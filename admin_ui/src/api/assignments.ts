// Who was chosen for the steps of a ticket, and why.
import { useQuery } from '@tanstack/react-query'
import { call } from './client'
import type { Page } from './types'

export interface Candidate {
  username: string
  outcome: string
  params: Record<string, string | number>
  score: number | null
  parts: Record<string, number>
  load: number
  open: number
  capacity: number | null
  stands_in_for?: string
}

interface Rule {
  rule: number
  cells: { input: string; test: string; value: string }[]
}

export interface Choice {
  id: number
  name: string
  at: string
  chosen: string | null
  fallback: string | null
  explanation: {
    rule: { tables: { table: string; rules: Rule[] }[] } | null
    problem: { code: string } | null
    demand?: { strategy: string; skills: Record<string, number> }
    candidates: Candidate[]
    others: Record<string, string[]>
  }
  names: Record<string, string>
}

/** The newest choices; nothing for those who may not know of colleagues. */
export const useAssignments = (number: string) =>
  useQuery({ queryKey: ['ticket', number, 'assignments'], queryFn: () => call<Page<Choice>>('GET', `/tickets/${encodeURIComponent(number)}/assignments`, { query: { limit: 5 } }), retry: false })

export interface ShadowTable {
  type: string
  decision: string
  set_by: string
  set_at: string
}

export interface Difference extends Choice {
  ticket: string
  title: string
  shadow: { chosen?: string | null } | null
}

const shadowPath = (type: string) => `/assignments/shadow/${encodeURIComponent(type)}`

/** The table on trial; an error of 404 when there is none. */
export const useShadow = (type: string) => useQuery({ queryKey: ['shadow', type], queryFn: () => call<ShadowTable>('GET', shadowPath(type)), retry: false })
export const useDifferences = (type: string) => useQuery({ queryKey: ['shadow', type, 'differences'], queryFn: () => call<Page<Difference>>('GET', '/assignments/shadow', { query: { type, limit: 100 } }), retry: false })
export const tryTable = (type: string, decision: string) => call<ShadowTable>('PUT', shadowPath(type), { body: { decision } })
export const endTrial = (type: string) => call<void>('DELETE', shadowPath(type))
