// Versions of a ticket type: what changed, who takes which, and running tickets that move to another.
import { useQuery, type QueryClient } from '@tanstack/react-query'
import { call, newKey } from './client'
import type { components } from './schema'
import type { Deployed, Page, Process } from './types'

type Schemas = components['schemas']
export type Change = Schemas['ChangeOut']
export type Rollout = Schemas['RolloutIn']
export type Migration = Schemas['MigrationOut']
export type Moved = Schemas['ResultOut']
export type Look = Schemas['MigrationPreviewTicketOut']
type PreviewPage = Schemas['MigrationPreviewOut']

export interface Plan {
  key: string
  from: number
  to: number
  map: Record<string, string | null>
  statuses: Record<string, string>
}

export interface Preview {
  total: number
  items: Look[]
}

const part = encodeURIComponent
const SOON = 1_000
const LONGEST = 5 // pages of 200 that a preview reads at once

export const useProcess = (key: string) => useQuery({ queryKey: ['processes', key], queryFn: () => call<Process>('GET', `/processes/${part(key)}`) })
export const useDiff = (key: string, from: number, to: number) =>
  useQuery({ queryKey: ['processes', key, 'diff', from, to], queryFn: () => call<{ changes: Change[] }>('GET', `/processes/${part(key)}/versions/${from}/diff`, { query: { to } }), staleTime: Infinity })

export const restoreVersion = (key: string, version: number) => call<Deployed>('POST', `/processes/${part(key)}/versions/${version}/restore`, { key: newKey() })
export const retireVersion = (key: string, version: number, back = false) => call<void>('POST', `/processes/${part(key)}/versions/${version}/${back ? 'unretire' : 'retire'}`, { key: newKey() })
export const setRollout = (key: string, rollout: Rollout) => call<void>('PUT', `/processes/${part(key)}/rollout`, { body: rollout })
export const endRollout = (key: string) => call<void>('DELETE', `/processes/${part(key)}/rollout`)

/** Forgets what a change of versions has made old. */
export const versionsChanged = (client: QueryClient) => Promise.all(['processes', 'types', 'drafts', 'migrations'].map((name) => client.invalidateQueries({ queryKey: [name] })))

/** What would become of each running ticket; of very many, of the first ones. */
export const usePreview = (plan: Plan) =>
  useQuery({
    queryKey: ['migrations', 'preview', plan],
    queryFn: async (): Promise<Preview> => {
      const items: Look[] = []
      let cursor: string | null = null
      for (let read = 0; ; ) {
        const page: PreviewPage = await call('POST', '/migrations', { body: { ...plan, dry_run: true }, query: { limit: 200, cursor } })
        items.push(...page.items)
        cursor = page.next
        if (!cursor || ++read === LONGEST) return { total: page.total, items }
      }
    },
    placeholderData: (before) => before,
    staleTime: 0,
  })

export const migrate = (plan: Plan) => call<Migration>('POST', '/migrations', { body: plan, key: newKey() })
export const steer = (id: string, what: 'pause' | 'resume' | 'undo') => call<Migration>('POST', `/migrations/${part(id)}/${what}`, { key: newKey() })

/** The latest migrations of a type; watched closely while one is under way. */
export const useMigrations = (key: string, enabled: boolean) =>
  useQuery({
    queryKey: ['migrations', key],
    queryFn: () => call<Page<Migration>>('GET', '/migrations', { query: { key, limit: 5 } }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'running') ? SOON : false),
  })

/** The tickets of a migration that stayed where they were, with the reason. */
export const useStayed = (migration: Migration) =>
  useQuery({
    queryKey: ['migrations', migration.id, 'refused', migration.counts.refused],
    queryFn: () => call<Page<Moved>>('GET', `/migrations/${part(migration.id)}/tickets`, { query: { status: 'refused', limit: 50 } }),
    enabled: !!migration.counts.refused,
  })
