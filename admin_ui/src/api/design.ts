// What the process designer asks of the server: new drafts, imports, publishing, and what differs.
import { useQuery } from '@tanstack/react-query'
import { call, newKey } from './client'
import type { Draft } from './drafts'
import type { components } from './schema'
import type { Deployed, Page } from './types'
import type { Change } from './versions'

type Schemas = components['schemas']
export type DraftSummary = Schemas['DraftSummaryOut']
export type Imported = Schemas['ImportOut']

const part = encodeURIComponent

export const useDrafts = (enabled: boolean) => useQuery({ queryKey: ['drafts'], queryFn: () => call<Page<DraftSummary>>('GET', '/drafts', { query: { limit: 200 } }), enabled })

/** Begins a draft of a type that there is none of yet. */
export const createDraft = (key: string, files: Record<string, string>) => call<Draft>('PUT', `/processes/${part(key)}/draft`, { body: { files }, match: 'new' })

export const useSamples = () => useQuery({ queryKey: ['samples'], queryFn: async () => (await call<Schemas['SamplesOut']>('GET', '/samples')).samples, staleTime: Infinity })

export const copySample = (sample: string, copy: Schemas['CopyIn']) => call<Draft>('POST', `/samples/${part(sample)}/copies`, { body: copy })

/** Brings in a BPMN file of any tool, with the files that belong to it. */
export function importFiles(file: File, beside: File[]): Promise<Imported> {
  const form = new FormData()
  form.append('file', file)
  for (const one of beside) form.append('beside', one)
  return call('POST', '/imports', { form })
}

export const publish = (key: string) => call<Deployed>('POST', '/deployments', { body: { draft: key }, key: newKey() })

/** What the draft changes of the newest version, looked at anew each time. */
export const useDraftDiff = (key: string) => useQuery({ queryKey: ['drafts', key, 'diff'], queryFn: () => call<{ version: number; changes: Change[] }>('GET', `/processes/${part(key)}/draft/diff`), retry: false, gcTime: 0 })
