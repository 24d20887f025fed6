// Below the canvas: what the server's checks say of the draft, each a click away from its place.
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Finding } from '../../../api/types'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { useDesk } from './context'
import { titleOf } from './facts'

export function Problems({ findings, checking }: { findings: Finding[] | undefined; checking: boolean }) {
  const { path, part, pick, typeKey } = useDesk()
  const navigate = useNavigate()
  const [open, setOpen] = useState(true)
  const all = [...(findings ?? [])].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  const errors = all.filter((one) => one.severity === 'error').length
  const go = (finding: Finding) => {
    const element = finding.document === path && finding.element ? part('elementRegistry').get(finding.element) : undefined
    if (element) return pick(element.id)
    const to = placeOf(finding)
    if (to) void navigate(`/design/${encodeURIComponent(typeKey)}/${to}`)
  }
  return (
    <section className="pd-problems" aria-label={t('designer.problems')} data-checked={findings ? (checking ? 'again' : 'yes') : 'no'}>
      <button type="button" className="pd-problems-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <b>{t('designer.problems')}</b>
        {errors > 0 && (
          <span className="row g4 tone-red fg">
            <CircleAlert {...icon14} />
            {t('designer.errors', { n: errors })}
          </span>
        )}
        {all.length > errors && (
          <span className="row g4 tone-amber fg">
            <TriangleAlert {...icon14} />
            {t('designer.warnings', { n: all.length - errors })}
          </span>
        )}
        {findings && !all.length && (
          <span className="row g4 tone-teal fg">
            <CircleCheck {...icon14} />
            {t('designer.noProblems')}
          </span>
        )}
        <span className="unseen" role="status">
          {findings ? t('designer.problemsFound', { errors, warnings: all.length - errors }) : ''}
        </span>
      </button>
      {open && all.length > 0 && (
        <ul>
          {all.map((finding, at) => {
            const element = finding.element ? part('elementRegistry').get(finding.element) : undefined
            const Icon = finding.severity === 'error' ? CircleAlert : TriangleAlert
            return (
              <li key={at}>
                <button type="button" className={`pd-problem tone-${finding.severity === 'error' ? 'red' : 'amber'}`} data-element={finding.element ?? undefined} onClick={() => go(finding)}>
                  <Icon {...icon14} />
                  <b className="fix">{finding.document === path && element ? titleOf(element) : finding.document}</b>
                  <span className="grow">{finding.text}</span>
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

/** The page on which a document that is no diagram is edited. */
function placeOf({ document, element }: Finding): string | null {
  const form = /^forms\/([^/]+)\.json$/.exec(document)
  if (form) return `forms/${encodeURIComponent(form[1]!)}`
  if (document.endsWith('.dmn') && element) return `rules/${encodeURIComponent(element)}`
  if (document === 'sla.toml') return 'sla'
  if (document === 'notifications.toml' || document.startsWith('templates/')) return 'notifications'
  return null
}
