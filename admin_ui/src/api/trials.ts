// Drafts that are tried in a sandbox: everything that a trial shows, and what may be done in it.
import { call, newKey } from './client'
import type { DiagramState, HistoryItem, Task, Ticket, TicketType, Values } from './types'


export interface TracedTable {
  decision: string
  inputs: { input: string; value: unknown }[]
  matched: number[]
  rules: { rule: number; hit: boolean; outputs: Record<string, unknown> }[]
}

export interface Trial {
  id: string
  key: string
  now: string
  ticket: Ticket | null
  tasks: (Task & { as: string })[]
  history: HistoryItem[]
  diagram: Pick<DiagramState, 'active' | 'visited' | 'incidents'> | null
  decisions: { decision: string; outputs: unknown; trace: unknown }[]
  waits: { kind: string; due: string }[]
  outgoing: { kind: string; payload: Record<string, unknown> }[]
}

const part = encodeURIComponent
const ADMINISTRATOR = 'role:administrator'
const place = (key: string, id = '') => `/processes/${part(key)}/draft/trials${id && `/${part(id)}`}`

export const beginTrial = (key: string) => call<Trial>('POST', place(key), { body: {}, key: newKey() })
export const endTrial = (key: string, id: string) => call<void>('DELETE', place(key, id))
export const startTicket = ({ key, id }: Trial, as: string, title: string, values: Values) => call<Trial>('POST', `${place(key, id)}/start`, { body: { as, title, values }, key: newKey() })
export const completeTask = ({ key, id }: Trial, task: string, as: string, values: Values, action: string | null) =>
  call<Trial>('POST', `${place(key, id)}/tasks/${part(task)}/complete`, { body: { as, values, action }, key: newKey() })
export const advanceClock = ({ key, id }: Trial, how: { by: string } | { to: string }) => call<Trial>('POST', `${place(key, id)}/advance`, { body: how, key: newKey() })
export const keepExample = ({ key, id }: Trial, name: string) => call<{ path: string }>('POST', `${place(key, id)}/examples`, { body: { name }, key: newKey() })

/** The draft inside the trial as its requesters see it, and as it is drawn. */
export async function readInside({ key, id }: Trial): Promise<{ type: TicketType; bpmn: string }> {
  const inside = async <X>(path: string): Promise<X> => (await call<{ answer: X }>('POST', `${place(key, id)}/calls`, { body: { as: ADMINISTRATOR, method: 'GET', path }, key: newKey() })).answer
  const type = await inside<TicketType>(`/ticket-types/${part(key)}`)
  const { bpmn } = await inside<{ bpmn: string }>(`/processes/${part(key)}/versions/${type.version}`)
  return { type, bpmn }
}

/** The decision tables in a trace, however deep. */
export function tablesIn(trace: unknown): TracedTable[] {
  if (Array.isArray(trace)) return trace.flatMap(tablesIn)
  if (!trace || typeof trace !== 'object') return []
  const { kind } = trace as { kind?: unknown }
  return kind === 'decision table' ? [trace as TracedTable] : Object.values(trace).flatMap(tablesIn)
}
