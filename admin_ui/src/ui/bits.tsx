// Small shared pieces: avatar, chip, icon button, empty state, remarks, what is not there yet.
import { Button } from 'antd'
import { useEffect, useState, type ButtonHTMLAttributes, type ReactNode } from 'react'
import { asProblem } from '../api/client'
import { useName } from '../api/queries'
import { t } from '../i18n/t'
import { PaleRope } from './mark'

export const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
export const icon18 = { size: 18, strokeWidth: 1.6, 'aria-hidden': true } as const
export const icon14 = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const

export type ToneName = 'neutral' | 'brand' | 'amber' | 'red' | 'teal' | 'violet'

export function Avatar({ name, size = 22 }: { name: string; size?: number }) {
  return (
    <span className="avatar" aria-hidden style={{ width: size, height: size, fontSize: size > 26 ? 13 : 12 }}>
      {[...name][0]?.toUpperCase()}
    </span>
  )
}

export function Name({ of }: { of: string | null | undefined }) {
  const name = useName(of)
  return <>{of === 'system' ? t('person.system') : name}</>
}

export function Person({ of, size = 18 }: { of: string; size?: number }) {
  const name = useName(of)
  return (
    <span className="row g6">
      <Avatar name={name} size={size} />
      <span className="cut">{name}</span>
    </span>
  )
}

export function Chip({ tone = 'neutral', line, children }: { tone?: ToneName; line?: boolean; children: ReactNode }) {
  return <span className={line ? 'chip line' : `chip tone tone-${tone}`}>{children}</span>
}

export function IconButton({ label, children, className, ...rest }: { label: string } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={className ? `icon-button ${className}` : 'icon-button'}>
      {children}
    </button>
  )
}

export function Empty({ title, text, action }: { title: string; text?: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <PaleRope />
      <b>{title}</b>
      {text && <span className="t13 ink3">{text}</span>}
      {action && <span className="empty-action">{action}</span>}
    </div>
  )
}

/** A remark in a quiet box, read out when it appears. */
export function Remark({ tone, children }: { tone: ToneName; children: ReactNode }) {
  return (
    <div className={`remark tone-${tone}`} role={tone === 'red' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

/** What stands where something could not be loaded: the reason and another try. */
export function Failed({ error, again }: { error: unknown; again: () => void }) {
  const problem = asProblem(error)
  return <Empty title={problem.title} text={problem.message === problem.title ? undefined : problem.message} action={<Button onClick={again}>{t('do.again')}</Button>} />
}

/** Grey bars, only when it takes longer than a blink. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 300)
    return () => clearTimeout(timer)
  }, [])
  if (!slow) return null
  return (
    <div className="loading" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} style={{ width: `${90 - ((i * 23) % 50)}%` }} />
      ))}
    </div>
  )
}

export function Key({ children }: { children: ReactNode }) {
  return <kbd className="key">{children}</kbd>
}
