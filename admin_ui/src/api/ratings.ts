// Ratings of tickets that are done, by their requester or by a signed link.
import { useQuery } from '@tanstack/react-query'
import { call, newKey } from './client'
import type { components } from './schema'

export type Rating = components['schemas']['Rating']
export type LinkedRating = components['schemas']['LinkedRating']
export interface NewRating {
  score: number
  comment: string
}

const part = encodeURIComponent
const ofTicket = (number: string) => `/tickets/${part(number)}/rating`
const ofLink = (token: string) => `/rating-links/${part(token)}`

export const useRating = (number: string, enabled: boolean) => useQuery({ queryKey: ['ticket', number, 'rating'], queryFn: () => call<Rating>('GET', ofTicket(number)), enabled, retry: false })
export const rate = (number: string, given: NewRating) => call<Rating>('POST', ofTicket(number), { body: given, key: newKey() })
export const useLinkedRating = (token: string) => useQuery({ queryKey: ['rating-link', token], queryFn: () => call<LinkedRating>('GET', ofLink(token)), retry: false })
export const rateByLink = (token: string, given: NewRating) => call<LinkedRating>('POST', ofLink(token), { body: given })
