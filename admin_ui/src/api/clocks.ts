// The clocks of a ticket: what is done to them, and their log.
import { useQuery } from '@tanstack/react-query'
import { call, newKey } from './client'
import type { components } from './schema'
import type { Page } from './types'

type Schemas = components['schemas']
export type ClockState = 'running' | 'paused' | 'breached' | 'met' | 'missed' | 'cancelled' | 'waived'
export type SlaClock = Omit<Schemas['Clock'], 'state' | 'next'> & { state: ClockState; next?: { at: string; step: number; notify: string[] } }
export type ClockEvent = Schemas['ClockEvent']

const path = (number: string, key: string) => `/tickets/${encodeURIComponent(number)}/clocks/${encodeURIComponent(key)}`

export const acknowledge = (number: string) => call<void>('POST', `/tickets/${encodeURIComponent(number)}/acknowledge`, { key: newKey() })
export const extendClock = (number: string, key: string, seconds: number, reason: string) => call<void>('POST', `${path(number, key)}/extend`, { body: { seconds, reason }, key: newKey() })
export const waiveClock = (number: string, key: string, reason: string) => call<void>('POST', `${path(number, key)}/waive`, { body: { reason }, key: newKey() })

export const useClockEvents = (number: string, key: string, enabled: boolean) =>
  useQuery({ queryKey: ['ticket', number, 'clock', key], queryFn: () => call<Page<ClockEvent>>('GET', `${path(number, key)}/events`, { query: { limit: 200 } }), enabled, retry: false })
