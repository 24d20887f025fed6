// Customers, contracts, assets, places, skills, shifts and absences: read, imported, exported, printed.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call, newKey, url, type Query } from './client'
import type { components } from './schema'
import type { Page } from './types'

export type Plural = 'customers' | 'contracts' | 'assets' | 'places' | 'skills' | 'shifts' | 'absences'
export type RecordRow = { rev: number; name?: string; names?: Record<string, string> } & Record<string, unknown>

export type Scanned = components['schemas']['ScannedOut']

export interface RowError {
  row: number
  column: string | null
  detail: string
}

export interface ImportReport {
  kept: boolean
  created: number
  changed: number
  same: number
  errors: RowError[]
}

export interface RecordChange {
  at: string
  actor_name: string
  action: 'created' | 'changed' | 'removed'
  changes: Record<string, [unknown, unknown]>
}

export const recordPath = (plural: Plural, key?: string) => `/${plural}${key === undefined ? '' : '/' + encodeURIComponent(key)}`

export function useRecords(plural: Plural, query: Query = {}, limit = 50) {
  return useInfiniteQuery({
    queryKey: [plural, query, limit],
    queryFn: ({ pageParam }) => call<Page<RecordRow>>('GET', recordPath(plural), { query: { ...query, limit, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export const findRecords = (plural: Plural, q: string) => call<Page<RecordRow>>('GET', recordPath(plural), { query: { q, limit: 20 } })

export const useRecord = (plural: Plural, key: string | null) =>
  useQuery({ queryKey: [plural, 'one', key], queryFn: () => call<RecordRow>('GET', recordPath(plural, key!)), enabled: !!key, retry: false })

export const useRecordHistory = (kind: string, record: string | undefined) =>
  useQuery({
    queryKey: ['record-history', kind, record],
    queryFn: () => call<Page<RecordChange>>('GET', '/record-history', { query: { kind, record, limit: 20 } }),
    enabled: !!record,
  })

export const removeRecord = (plural: Plural, key: string) => call<void>('DELETE', recordPath(plural, key))

export function importRecords(plural: Plural, file: File, dryRun: boolean): Promise<ImportReport> {
  const form = new FormData()
  form.set('file', file)
  return call<ImportReport>('POST', `/imports/${plural}`, { query: { dry_run: dryRun }, form, key: newKey() })
}

export const exportUrl = (plural: Plural, format: 'csv' | 'xlsx', q = '') => url(`/exports/${plural}`, { format, q })
export const labelsUrl = (type: string, numbers: string[]) => url('/asset-labels', { type, numbers: numbers.join(',') })

/** The asset whose printed code was scanned; nothing for an address that was not printed here. */
export const useScanned = (type: string | undefined, number: string | null, signature: string | null) =>
  useQuery({
    queryKey: ['scanned', type, number, signature],
    queryFn: () => call<Scanned>('GET', recordPath('assets', number!) + '/scanned', { query: { type, signature } }),
    enabled: !!type && !!number && !!signature,
    retry: false,
    staleTime: Infinity,
  })
