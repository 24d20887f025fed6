// Times as people say them, in the reader's own way: the clock today, the day before that.
import dayjs from 'dayjs'
import { t } from '../i18n/t'

export function when(at: string | null | undefined): string {
  if (!at) return ''
  const moment = dayjs(at)
  const days = dayjs().startOf('day').diff(moment.startOf('day'), 'day')
  const clock = moment.format('HH:mm')
  if (days === 0) return t('time.today', { clock })
  if (days === 1) return t('time.yesterday', { clock })
  if (days === -1) return t('time.tomorrow', { clock })
  return moment.format(moment.year() === dayjs().year() ? 'MM-DD HH:mm' : 'YYYY-MM-DD HH:mm')
}

/** As short as a list wants it: 14:21 today, the day before that. */
export function shortWhen(at: string): string {
  const moment = dayjs(at)
  const days = dayjs().startOf('day').diff(moment.startOf('day'), 'day')
  if (days === 0) return moment.format('HH:mm')
  if (days === 1) return t('time.yesterdayOnly')
  return moment.format(moment.year() === dayjs().year() ? 'MM-DD' : 'YYYY-MM-DD')
}

/** How long ago, in two units at most: minutes; hours and minutes; days and hours. */
export function since(at: string): string {
  return span(Math.max(0, dayjs().diff(dayjs(at), 'minute')))
}

export function span(minutes: number): string {
  if (minutes < 60) return t('span.minutes', { m: minutes })
  if (minutes < 24 * 60) return t('span.hours', { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, '0') })
  return t('span.days', { d: Math.floor(minutes / 1440), h: Math.floor((minutes % 1440) / 60) })
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`
  return `${(size / 1024 / 1024).toFixed(1)} MB`
}
