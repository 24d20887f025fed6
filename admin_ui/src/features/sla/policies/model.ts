// Service levels as sla.toml says them, and the steps of an escalation as people pick them.

export interface StepDoc {
  at: string
  time?: 'business' | 'calendar'
  notify?: string[]
  assign?: string
  raise_priority?: boolean
  message?: string
  escalation?: string
  repeat?: string
  until?: 'ack' | 'owner' | 'stop'
  max?: number
}

export interface GoalDoc {
  when?: string
  target: string
  calendar?: string
  steps?: StepDoc[]
}

export interface PolicyDoc {
  key?: string
  name?: Record<string, string>
  metric: string
  when?: string
  element?: string
  elements?: string[]
  group?: string
  groups?: string[]
  calendar?: string
  pause_on?: string[]
  pause_if?: string
  reasons?: Record<string, Record<string, string>>
  resume_on_reply?: boolean
  on_change?: 'retarget' | 'restart' | 'retroactive'
  reopen?: 'continue' | 'new'
  reopen_within?: string
  catch_up?: 'highest' | 'all' | 'none'
  goals?: GoalDoc[]
  steps?: StepDoc[]
}

export interface SlaDoc {
  calendar?: string
  at_risk?: number
  policy?: PolicyDoc[]
}

export const BASES = ['percent', 'before', 'after', 'started'] as const
export type Basis = (typeof BASES)[number]

export interface Mark {
  basis: Basis
  amount: string // a number of percent, or a length
}

/** When a step fires; a text that is none of these reads as a percentage of nothing. */
export function readMark(at: string): Mark {
  const percent = /^(\d+)\s*%$/.exec(at)
  if (percent) return { basis: 'percent', amount: percent[1]! }
  if (at.startsWith('-')) return { basis: 'before', amount: at.slice(1) }
  if (at.startsWith('+')) return { basis: 'after', amount: at.slice(1) }
  return { basis: 'started', amount: at }
}

export const writeMark = ({ basis, amount }: Mark): string => (basis === 'percent' ? `${amount}%` : basis === 'before' ? `-${amount}` : basis === 'after' ? `+${amount}` : amount)

/** The table without what is not set, so that the file says no more than it must. */
export function trimmed<T extends object>(table: T): T {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined && value !== '' && value !== null && !(Array.isArray(value) && !value.length))) as T
}

export const stepsOf = (policy: PolicyDoc): string[] => [...(policy.element ? [policy.element] : []), ...(policy.elements ?? [])]
export const groupsOf = (policy: PolicyDoc): string[] => [...(policy.group ? [policy.group] : []), ...(policy.groups ?? [])]
