// Whether a place lies where a form wants it, as the server reckons it.
import type { FieldDoc } from '../api/types'

const EARTH = 6_371_000

interface Point {
  lat: number
  lng: number
}

/** The distance on a sphere in metres (haversine). */
export function metres(here: Point, there: Point): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const half = Math.sin(rad(there.lat - here.lat) / 2) ** 2 + Math.cos(rad(here.lat)) * Math.cos(rad(there.lat)) * Math.sin(rad(there.lng - here.lng) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** How far outside its fence a place is; null when it is inside or there is none. */
export function outside(field: FieldDoc, place: Point): { away: number; allowed: number } | null {
  const fence = field.within as (Point & { metres: number }) | undefined
  if (!fence) return null
  const away = metres(place, fence)
  return away > fence.metres ? { away: Math.round(away), allowed: fence.metres } : null
}

/** Whether the device knows the place less exactly than the form wants. */
export const tooRough = (field: FieldDoc, place: { accuracy?: number }): boolean => typeof field.max_accuracy === 'number' && (place.accuracy ?? 0) > field.max_accuracy
