// The rules of a draft: tables read and written, tried on tickets, as spreadsheets.
import { useQuery } from '@tanstack/react-query'
import { call, url, type Call } from './client'
import type { components } from './schema'
import type { Finding, Page, TicketRow } from './types'

type Schemas = components['schemas']
export type DecisionInfo = Schemas['DecisionInfoOut']
export type TableDocument = Schemas['TableDocument']
export type DecisionFile = Omit<Schemas['TableOut'], 'findings' | 'types' | 'table'> & { findings: Finding[]; types: Record<string, string>; table: Required<TableDocument> | null }
export type Replay = Schemas['ReplayOut']

export interface TracedCell {
  column: number
  input: string
  test: string
  value: string
  hit: boolean
}
export interface TracedTable {
  kind: string
  decision: string
  matched: number[]
  inputs: { input: string; value: string }[]
  rules: { rule: number; hit: boolean; cells: TracedCell[]; outputs: Record<string, string> }[]
}
export interface Tried {
  outputs: unknown
  trace: TracedTable[]
  warnings: { text: string }[]
}

const part = encodeURIComponent
const all = (key: string) => `/processes/${part(key)}/draft/decisions`
const one = (key: string, decision: string) => `${all(key)}/${part(decision)}`

export const decisionsKey = (key: string) => ['drafts', key, 'decisions']
export const useDecisions = (key: string) => useQuery({ queryKey: decisionsKey(key), queryFn: () => call<{ items: DecisionInfo[] }>('GET', all(key)), retry: false })

export const readTable = (key: string, decision: string) => call<DecisionFile>('GET', one(key, decision))
export const writeTable = (key: string, decision: string, table: TableDocument, match: Call['match']) => call<DecisionFile>('PUT', one(key, decision), { body: { table }, match })
export const tryTicket = (key: string, decision: string, ticket: string) => call<Tried>('POST', `${one(key, decision)}/try`, { body: { ticket } })
export const replayTickets = (key: string, decision: string) => call<Replay>('POST', `${one(key, decision)}/replay`)
export const sheetUrl = (key: string, decision: string, format: string) => url(`${one(key, decision)}/sheet`, { format })

/** The cells of a spreadsheet file; nothing is stored. */
export async function readSheet(file: File): Promise<string[][]> {
  const form = new FormData()
  form.append('file', file)
  return (await call<{ rows: string[][] }>('POST', '/decisions/sheet', { form })).rows
}

/** The latest tickets of a type, to try rules with. */
export const useTicketChoices = (type: string) => useQuery({ queryKey: ['tickets', 'rules', type], queryFn: () => call<Page<TicketRow>>('GET', '/tickets', { query: { type, limit: 50, sort: '-created_at' } }) })
