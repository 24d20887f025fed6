// Assets and tickets as fields name them: by number, shown by name.
import { useQuery } from '@tanstack/react-query'
import { asProblem, call } from './client'
import type { Page, TicketRow } from './types'

export interface Thing {
  key: string
  name: string
}

interface AssetRow {
  number: string
  name?: string | null
}

const MOST = 20
const part = encodeURIComponent

export async function findThings(kind: 'asset' | 'ticket', q: string): Promise<Thing[]> {
  const query = { q, limit: MOST }
  if (kind === 'ticket') return (await call<Page<TicketRow>>('GET', '/tickets', { query })).items.map((row) => ({ key: row.number, name: row.title }))
  return (await call<Page<AssetRow>>('GET', '/assets', { query })).items.map(asset)
}

const asset = (row: AssetRow): Thing => ({ key: row.number, name: row.name ?? '' })

/** The thing of a number; the bare number while its name is not known, or not for this reader. */
export function useThing(kind: 'asset' | 'ticket', key: string | null): Thing | null {
  const { data } = useQuery({
    queryKey: ['thing', kind, key],
    queryFn: async (): Promise<Thing | null> => {
      try {
        if (kind === 'asset') return asset(await call<AssetRow>('GET', `/assets/${part(key!)}`))
        const ticket = await call<TicketRow>('GET', `/tickets/${part(key!)}`)
        return { key: ticket.number, name: ticket.title }
      } catch (error) {
        const { status } = asProblem(error)
        if (status === 403 || status === 404) return null
        throw error
      }
    },
    enabled: !!key,
    staleTime: 60_000,
    retry: false,
  })
  return key ? (data ?? { key, name: '' }) : null
}
