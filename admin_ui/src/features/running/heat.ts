// The figures of each step as heat: one hue in four steps, the number always written on it.
import type { Running } from '../../api/running'
import type { Badge } from '../../bpmn/Diagram'
import type { Tints } from '../../bpmn/tints'
import { t } from '../../i18n/t'
import { span } from '../../ui/time'

export const MEASURES = ['count', 'stay', 'late'] as const
export type Measure = (typeof MEASURES)[number]

const STEPS = 4

export function drawn(running: Running | undefined, measure: Measure): { tints: Tints; badges: Badge[] } {
  const tints: Tints = {}
  const badges: Badge[] = []
  if (!running) return { tints, badges }
  const value = (step: Running['steps'][number]) => (measure === 'count' ? step.tickets : measure === 'stay' ? step.median_seconds : step.breached)
  const most = Math.max(...running.steps.map(value), 1)
  for (const step of running.steps) {
    const part = value(step) / most
    tints[step.element] = `heat${Math.max(1, Math.ceil(part * STEPS)) as 1 | 2 | 3 | 4}`
    const tickets = t('versions.tickets', { n: step.tickets })
    const more = measure === 'late' ? step.breached && t('versions.lateHere', { n: step.breached }) : span(Math.round(step.median_seconds / 60))
    badges.push({ element: step.element, tone: 'neutral', text: [tickets, more].filter(Boolean).join(' · ') })
  }
  for (const [element, n] of Object.entries(running.incidents)) badges.push({ element, tone: 'red', place: 'below', text: t('versions.stuckHere', { n }) })
  return { tints, badges }
}
