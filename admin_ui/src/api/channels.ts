// The ways out for notifications, and what went out over them or did not.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call, newKey } from './client'
import type { components } from './schema'
import type { Page } from './types'

type Schemas = components['schemas']
export type Channel = Omit<Schemas['ChannelOut'], 'settings'> & { settings: Record<string, unknown> }
export type Setting = Schemas['ChannelSetting']
export type ChannelKind = Omit<Schemas['ChannelKindOut'], 'settings'> & { settings: Setting[] }
export type Delivery = Schemas['DeliveryOut']

const path = (key: string) => `/channels/${encodeURIComponent(key)}`

export const useChannels = () => useQuery({ queryKey: ['channels'], queryFn: () => call<Page<Channel>>('GET', '/channels', { query: { limit: 200 } }), retry: false })
export const useChannelKinds = () => useQuery({ queryKey: ['channel-kinds'], queryFn: () => call<Page<ChannelKind>>('GET', '/channel-kinds', { query: { limit: 200 } }), staleTime: Infinity, retry: false })
export const useDeliveries = (state: string) =>
  useInfiniteQuery({
    queryKey: ['deliveries', state],
    queryFn: ({ pageParam }) => call<Page<Delivery>>('GET', '/deliveries', { query: { state, limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    retry: false,
  })

export const saveChannel = (old: Channel | null, body: Record<string, unknown>) => (old ? call<Channel>('PATCH', path(old.key), { body }) : call<Channel>('POST', '/channels', { body, key: newKey() }))
export const removeChannel = (key: string) => call<void>('DELETE', path(key))
export const testChannel = (key: string, target: string | null) => call<void>('POST', `${path(key)}/test`, { body: { target }, key: newKey() })
export const redrive = (id: string) => call<Delivery>('POST', `/deliveries/${encodeURIComponent(id)}/redrive`, { key: newKey() })
