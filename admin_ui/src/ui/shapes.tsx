// Status and priority as shape + word + colour, so that colour never stands alone.
import type { ReactNode } from 'react'
import type { Category, Priority, StatusInfo } from '../api/types'
import { t, words } from '../i18n/t'
import { priority as priorities, status as statuses } from './theme'

const drawn: Record<string, ReactNode> = {
  'dashed-ring': <circle cx="7" cy="7" r="5.2" strokeDasharray="2.3 2" />,
  'half-ring': (
    <>
      <circle cx="7" cy="7" r="5.2" />
      <path d="M7 3.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" stroke="none" />
    </>
  ),
  'pause-ring': (
    <>
      <circle cx="7" cy="7" r="5.2" />
      <path d="M5.7 5v4M8.3 5v4" />
    </>
  ),
  'check-ring': (
    <>
      <circle cx="7" cy="7" r="5.2" />
      <path d="M4.8 7.2l1.6 1.6 2.9-3.4" />
    </>
  ),
  'check-disc': (
    <>
      <circle cx="7" cy="7" r="5.8" fill="currentColor" stroke="none" />
      <path d="M4.6 7.2l1.7 1.7 3.1-3.6" stroke="var(--surface)" />
    </>
  ),
  'slash-ring': (
    <>
      <circle cx="7" cy="7" r="5.2" />
      <path d="M4.9 9.1l4.2-4.2" />
    </>
  ),
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round', strokeLinejoin: 'round', 'aria-hidden': true } as const

export function StatusShape({ category, size = 14 }: { category: Category; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" {...stroke}>
      {drawn[statuses[category].shape]}
    </svg>
  )
}

export function Status({ of }: { of: StatusInfo }) {
  const category = of.category in statuses ? of.category : 'open'
  return (
    <span className={'mark tone-' + statuses[category].tone}>
      <StatusShape category={category} />
      {words(of.label) || t(`category.${category}`)}
    </span>
  )
}

export function PriorityMark({ of, word }: { of: Priority; word?: boolean }) {
  const { tone, bars } = priorities[of] ?? priorities.P3
  return (
    <span className={'mark tone-' + tone} title={`${of} ${t(`priority.${of}`)}`}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden>
        {bars === 4 ? (
          <>
            <rect x="1" y="1" width="12" height="12" rx="3" fill="currentColor" />
            <path d="M7 3.8v3.8M7 10v.1" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
          </>
        ) : (
          [0, 1, 2].map((i) => <rect key={i} x={1.5 + i * 4} y={9 - i * 3} width="2.8" height={3.4 + i * 3} rx="1" fill={i < bars ? 'currentColor' : 'var(--line-strong)'} />)
        )}
      </svg>
      <b className="fg">{of}</b>
      {word && <span className="ink2">{t(`priority.${of}`)}</span>}
    </span>
  )
}
