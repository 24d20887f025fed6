// What the server's check says of the form: a sentence each, a click picks the field.
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { Finding, FormDoc } from '../../../api/types'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'

export function Problems({ findings, form, pick }: { findings: Finding[]; form: FormDoc; pick: (key: string) => void }) {
  return (
    <section className="fd-problems" aria-label={t('formDesigner.problems')} aria-live="polite">
      <h3>{t('formDesigner.problems')}</h3>
      {!findings.length && (
        <span className="row g6 t12 tone-teal fg">
          <CircleCheck {...icon14} />
          {t('formDesigner.noProblems')}
        </span>
      )}
      <ul className="findings">
        {findings.map((finding, at) => {
          const key = finding.element?.split('.')[0]
          const Icon = finding.severity === 'error' ? CircleAlert : TriangleAlert
          return (
            <li key={at} className={finding.severity === 'error' ? 'tone-red' : 'tone-amber'}>
              <Icon {...icon14} />
              {key && form.fields.some((field) => field.key === key) ? (
                <button type="button" className="link t12" onClick={() => pick(key)}>
                  {finding.text}
                </button>
              ) : (
                <span className="t12">{finding.text}</span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
