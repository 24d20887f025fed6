// The promise as one drawing: a process whose last line ties the mark.
import { t } from '../../i18n/t'

export function Rope() {
  return (
    <svg viewBox="0 0 560 404" width="100%" style={{ maxWidth: 560 }} fill="none" role="img" aria-label={t('signin.drawing')}>
      <path d="M52 120H96M214 120H300M332 152V240M273 268H214" stroke="var(--line-strong)" strokeWidth="1.5" />
      <path d="M332 88C332 60 350 44 384 44H426" stroke="var(--line-strong)" strokeWidth="1.5" strokeDasharray="2 6" />
      <g fill="var(--surface)" stroke="var(--line-strong)" strokeWidth="1.25">
        <circle cx="36" cy="120" r="16" />
        <rect x="96" y="92" width="118" height="56" rx="8" />
        <path d="M332 88l32 32-32 32-32-32z" />
        <rect x="273" y="240" width="118" height="56" rx="8" />
        <rect x="96" y="240" width="118" height="56" rx="8" />
        <rect x="426" y="16" width="118" height="56" rx="8" />
      </g>
      <g fill="var(--ink-2)" fontSize="13" textAnchor="middle" fontFamily="var(--font)">
        <text x="36" y="158">{t('rope.submit')}</text>
        <text x="155" y="125">{t('rope.route')}</text>
        <text x="332" y="273">{t('rope.handle')}</text>
        <text x="155" y="273">{t('rope.confirm')}</text>
        <text x="485" y="49">{t('rope.escalate')}</text>
        <text x="376" y="124" fill="var(--ink-3)" fontSize="12" textAnchor="start">{t('rope.late')}</text>
      </g>
      <path
        d="M96 268H58C38 268 30 278 30 296V312C30 330 40 338 56 338H92C106 338 112 340 121 348L146 371C153 378 149 389 139 389C129 389 125 378 132 371L190 318"
        stroke="var(--brand)" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round"
      />
      <text x="208" y="350" fontFamily="var(--font)">
        <tspan fill="var(--brand)" fontSize="20" fontWeight="600">{t('app.name')}</tspan>
        <tspan fill="var(--ink-2)" fontSize="13" dx="10">{t('rope.done')}</tspan>
      </text>
    </svg>
  )
}
