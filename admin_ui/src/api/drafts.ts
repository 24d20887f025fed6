// Packages that are being edited: their files as texts, each with the entity tag of what was read.
import { useQuery, type QueryClient } from '@tanstack/react-query'
import { call, exchange, type Call } from './client'
import type { components } from './schema'
import type { Finding } from './types'

export type Draft = components['schemas']['DraftOut']
export type DraftFile = components['schemas']['DraftFileOut']

export interface FileText {
  text: string
  etag: string | null
}

const part = encodeURIComponent
const LOOK_AGAIN = 15_000 // how soon an editor hears of another one
const place = (key: string, path: string) => `/processes/${part(key)}/draft/files/${path.split('/').map(part).join('/')}`

/** A draft with the list of its files, looked at again and again while the page is open. */
export const useDraft = (key: string) => useQuery({ queryKey: ['drafts', key], queryFn: () => call<Draft>('GET', `/processes/${part(key)}/draft`), retry: false, refetchInterval: LOOK_AGAIN })

export const beginDraft = (key: string, version: number) => call<Draft>('PUT', `/processes/${part(key)}/draft`, { body: { version }, match: 'new' })
export const readDraftFile = (key: string, path: string): Promise<FileText> => exchange('GET', place(key, path))

/** Writes a file; refused as `stale-version` when somebody else has changed it since `etag`. */
export async function writeDraftFile(key: string, path: string, text: string, etag: Call['match']): Promise<FileText> {
  const answer = await exchange('PUT', place(key, path), { text, match: etag })
  return { text, etag: answer.etag }
}

export const checkDraft = async (key: string): Promise<Finding[]> => (await call<{ findings: Finding[] }>('POST', '/deployments/check', { body: { draft: key } })).findings

/** Reads the list of files anew; their texts stay with whoever edits them. */
export const draftChanged = (client: QueryClient, key: string) => client.invalidateQueries({ queryKey: ['drafts', key], exact: true })
