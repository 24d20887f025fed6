// What the person is told: the inbox, how much of it is unread, and what he wants to hear.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from './client'
import type { Page } from './types'

export type Notice = { id: string; ticket: string; kind: string; subject: string; text: string; created_at: string; read_at: string | null }
export type Digest = 'none' | 'hourly' | 'daily'
export type Wishes = {
  muted: string[]
  muted_channels: string[]
  digest: Digest
  quiet_from: string | null
  quiet_to: string | null
  language: string | null
  kinds: string[]
  rev: number
}

export const noticesKey = ['notices'] // the stream of changes forgets all of it at once

export const useUnread = () => useQuery({ queryKey: [...noticesKey, 'unread'], queryFn: () => call<{ unread: number }>('GET', '/notifications/unread') })

export function useNotices(unread: boolean) {
  return useInfiniteQuery({
    queryKey: [...noticesKey, 'list', unread],
    queryFn: ({ pageParam }) => call<Page<Notice>>('GET', '/notifications', { query: { unread: unread || undefined, limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
}

export function useMarkNotice() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, read }: { id: string; read: boolean }) => call<Notice>('PATCH', `/notifications/${encodeURIComponent(id)}`, { body: { read } }),
    onSettled: () => client.invalidateQueries({ queryKey: noticesKey }),
  })
}

export function useMarkAll() {
  const client = useQueryClient()
  return useMutation({ mutationFn: () => call('POST', '/notifications/read-all'), onSettled: () => client.invalidateQueries({ queryKey: noticesKey }) })
}

const wishesKey = ['notice-wishes']
export const useWishes = () => useQuery({ queryKey: wishesKey, queryFn: () => call<Wishes>('GET', '/notification-preferences') })

export function useWish() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wishes: Partial<Wishes>) => call<Wishes>('PATCH', '/notification-preferences', { body: wishes }),
    onSuccess: (saved) => client.setQueryData(wishesKey, saved),
  })
}
