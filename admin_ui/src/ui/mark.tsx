// The logo: one rope that ties a knot and leaves as a tick; and the word, drawn with strokes.
import { t } from '../i18n/t'

const ROPE = 'M5.6 12.4L14.7 20.4C17.1 22.6 15.6 26.2 12.2 26.2C8.8 26.2 7.3 22.6 9.7 20.4L26.4 6.2'

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" role="img" aria-label={t('app.name')}>
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <path d={ROPE} fill="none" stroke="var(--on-brand)" strokeWidth={size < 20 ? 3.2 : 2.7} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}

export function Logo({ size = 26 }: { size?: number }) {
  return (
    <span className="row g8 fix">
      <Mark size={size} />
      <svg height={size * 0.72} viewBox="0 0 50 24" aria-hidden fill="none" stroke="var(--ink)" strokeWidth="2.3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M5.2 7.2H17.6V18.4q0 2.8-2.8 2.8H12.6M10.6 2.2V8.6q0 8.4-7.4 12.6M3.4 11.4L2.2 15.4M20.8 11.2L22.2 15.2" />
        <path d="M32 2.2L28 8.4H33.6L28.2 14.6H34.4M27.8 20.6L34.6 18.6M37 6.4H48.4M42.7 2.2V11.2M38.2 11.2H47.2M38.4 15H47V21.4H38.4Z" />
      </svg>
    </span>
  )
}

/** The same rope, pale: the drawing of every empty state. */
export function PaleRope() {
  return (
    <svg width="72" height="44" viewBox="0 0 72 44" fill="none" stroke="var(--line-strong)" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d="M2 18h14M58 6h12" strokeDasharray="1 5" />
      <path d="M20 18L33.5 30C37 33.2 34.8 38.5 29.8 38.5C24.8 38.5 22.6 33.2 26 30L54 6" stroke="var(--brand-line)" strokeWidth="2.5" />
    </svg>
  )
}
