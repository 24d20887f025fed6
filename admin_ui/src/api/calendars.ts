// Business calendars: read, written as a whole, looked at by the month, filled from files.
import { useQuery } from '@tanstack/react-query'
import { call, exchange, newKey } from './client'
import type { components } from './schema'
import type { Page } from './types'

type Schemas = components['schemas']
export type Range = [string, string]
export type ExceptionKind = 'closed' | 'makeup' | 'custom'

export interface CalendarException {
  kind: ExceptionKind
  as_weekday?: number
  windows?: Range[]
  name?: string | Record<string, string>
}

export interface CalendarDoc {
  name: string
  tz: string
  holidays: string | null
  weekly: Range[][]
  exceptions: Record<string, CalendarException>
}

export type CalendarSummary = Schemas['CalendarSummary']
export type Calendar = CalendarSummary & CalendarDoc & { official_until: number | null }
export type CalendarDay = Omit<Schemas['CalendarDay'], 'windows'> & { windows: Range[] }

const path = (key: string) => `/calendars/${encodeURIComponent(key)}`

export const useCalendars = () => useQuery({ queryKey: ['calendars'], queryFn: () => call<Page<CalendarSummary>>('GET', '/calendars', { query: { limit: 200 } }), retry: false })

export const useCalendar = (key: string | null) =>
  useQuery({
    queryKey: ['calendars', key],
    queryFn: async () => {
      const { text, etag } = await exchange('GET', path(key!))
      return { calendar: JSON.parse(text) as Calendar, etag }
    },
    enabled: !!key,
    retry: false,
  })

export const useDays = (key: string | null, from: string, to: string) =>
  useQuery({
    queryKey: ['calendars', key, 'days', from, to],
    queryFn: () => call<{ days: CalendarDay[] }>('GET', `${path(key!)}/days`, { query: { from, to } }),
    enabled: !!key,
    placeholderData: (before) => before,
  })

export const putCalendar = (key: string, { name, tz, holidays, weekly, exceptions }: CalendarDoc, etag: string | null) =>
  call<Calendar>('PUT', path(key), { body: { name, tz, holidays, weekly, exceptions }, match: etag ?? undefined })
export const deleteCalendar = (key: string) => call<void>('DELETE', path(key))

export function importDays(key: string, file: File): Promise<Calendar> {
  const form = new FormData()
  form.set('file', file)
  return call('POST', `${path(key)}/import`, { form, key: newKey() })
}

export const importHolidays = () => call<{ years: number[] }>('POST', '/public-holidays/china', { key: newKey() })
