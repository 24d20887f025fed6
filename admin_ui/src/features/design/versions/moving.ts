// What a preview of a migration says when all its tickets are taken together.
import type { Look } from '../../../api/versions'

export type Verdict = 'fits' | 'needs_mapping' | 'blocked'

const STATUS = 'status-missing'
const HEALED = new Set(['element-missing', 'element-kind-differs'])

export function verdicts(looks: Look[]): Record<Verdict, number> {
  const found = { fits: 0, needs_mapping: 0, blocked: 0 }
  for (const { verdict } of looks) found[verdict as Verdict] += 1
  return found
}

/** How many tickets stand on each step. */
export function standing(looks: Look[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { elements } of looks) for (const element of elements) found[element] = (found[element] ?? 0) + 1
  return found
}

/** The steps and statuses that somebody has to name a new home for. */
export function homeless(looks: Look[]): { elements: string[]; statuses: string[] } {
  const of = (fits: (code: string) => boolean) => [...new Set(looks.flatMap(({ problems }) => problems.filter(({ code, element }) => element && fits(code)).map(({ element }) => element!)))]
  return { elements: of((code) => HEALED.has(code)), statuses: of((code) => code === STATUS) }
}
