// What a clock can measure, in words.
import type { SlaClock } from '../../api/clocks'
import { known } from '../../i18n/t'

export const METRICS = ['first_response', 'next_response', 'periodic_update', 'resolution', 'requester_wait', 'agent_work', 'assignment', 'acknowledge', 'stage', 'approval', 'ola', 'supplier'] as const

export const metricName = (metric: string): string => known(`sla.metric.${metric}`) ?? metric
export const clockName = (clock: Pick<SlaClock, 'name' | 'metric'>): string => clock.name ?? metricName(clock.metric)
