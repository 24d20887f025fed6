// The progress of a ticket as a bar of named steps.
import { t } from '../../i18n/t'
import type { Step } from './progress'
import './ticket.css'

export function Steps({ steps }: { steps: Step[] }) {
  if (!steps.length) return null
  const current = steps.find((step) => step.state === 'current')
  const done = steps.filter((step) => step.state === 'done').length
  return (
    <ol className="steps" aria-label={current ? t('progress.at', { n: done + 1, of: steps.length, name: current.label }) : t('progress.all', { of: steps.length })}>
      {steps.map((step, place) => (
        <li key={place} data-state={step.state} aria-current={step.state === 'current' ? 'step' : undefined}>
          <span className="cut">{step.label}</span>
        </li>
      ))}
    </ol>
  )
}
