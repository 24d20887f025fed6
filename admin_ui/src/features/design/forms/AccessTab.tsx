// Who sees the field: at each step of the process, written into the step.
import { Select } from 'antd'
import { t } from '../../../i18n/t'
import { changedAccess, levelOf, stepsIn } from './access'
import type { Texts } from './history'

export function AccessTab({ form, field, texts, set }: { form: string; field: string; texts: Texts; set: (texts: Texts) => void }) {
  const steps = stepsIn(texts, form)
  if (!steps.length) return <p className="t13 ink3">{t('formDesigner.noSteps')}</p>
  return (
    <div className="col g8">
      <span className="cap">{t('formDesigner.accessHelp')}</span>
      <table className="table fd-access">
        <thead>
          <tr>
            <th>{t('formDesigner.step')}</th>
            <th>{t('formDesigner.thisField')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((one) => {
            const level = levelOf(one.step, field)
            const levels = one.own ? (['edit', 'read', 'hide'] as const) : (['read', 'hide'] as const)
            return (
              <tr key={one.path + one.step.id}>
                <td>{one.name}</td>
                <td>
                  <Select
                    size="small"
                    style={{ width: '100%' }}
                    aria-label={t('formDesigner.accessAt', { step: one.name })}
                    value={!one.own && level === 'edit' ? 'read' : level}
                    onChange={(next: string) => set(changedAccess(texts, one, field, !one.own && next === 'read' ? 'edit' : next))}
                    options={levels.map((value) => ({ value, label: t(`formDesigner.access.${value}`) }))}
                  />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
