// Service levels and notification rules of a draft as JSON, and what they would do.
import { useQuery } from '@tanstack/react-query'
import { call, exchange } from './client'
import type { Finding } from './types'

export type SettingsFile = 'sla' | 'notifications'

export interface DraftSettings<Doc> {
  document: Doc
  text: string
  exists: boolean
  findings: Finding[]
  etag: string | null
}

const path = (key: string, what: SettingsFile) => `/processes/${encodeURIComponent(key)}/draft/${what}`

async function ask<Doc>(method: 'GET' | 'PUT', key: string, what: SettingsFile, more = {}): Promise<DraftSettings<Doc>> {
  const { text, etag } = await exchange(method, path(key, what), more)
  return { ...(JSON.parse(text) as Omit<DraftSettings<Doc>, 'etag'>), etag }
}

export const useDraftSettings = <Doc>(key: string, what: SettingsFile, enabled: boolean) =>
  useQuery({ enabled, queryKey: ['drafts', key, 'settings', what], queryFn: () => ask<Doc>('GET', key, what), retry: false, gcTime: 0, staleTime: Infinity })

export const writeDraftSettings = <Doc>(key: string, what: SettingsFile, document: Doc, etag: string | null) => ask<Doc>('PUT', key, what, { body: { document }, match: etag })

export interface PreviewClock {
  key: string
  metric: string
  policy: string
  target: number
  due: string | null
  calendar: string
}

export interface Previewed {
  events: { at: string; clocks: PreviewClock[]; steps: { clock: string; step: number; at: string }[] }[]
}

export type PreviewEvent = { at: string; kind: string } & Record<string, unknown>

/** What the clocks of a made-up ticket would say; asked anew whenever the file has changed. */
export const usePreview = (policy: string, events: PreviewEvent[]) =>
  useQuery({
    queryKey: ['sla-preview', policy, events],
    queryFn: () => call<Previewed>('POST', '/sla/preview', { body: { policy, events } }),
    enabled: !!policy.trim(),
    placeholderData: (before) => before,
    retry: false,
  })

export interface TemplatePreview {
  subject: string
  text: string
  html: string
}

export const testTemplate = (text: string, type: string, language: string) => call<{ channel: string; target: string }>('POST', '/notification-templates/test', { body: { text, type, language } })

export const previewTemplate = (text: string, type: string, language: string) => call<TemplatePreview>('POST', '/notification-templates/preview', { body: { text, type, language } })
