// One field: its label, control, help and error. The same in portal, step and preview.
import { lazy, Suspense } from 'react'
import type { FieldDoc } from '../api/types'
import { t, words, type Words } from '../i18n/t'
import type { Errors } from './check'
import { Control } from './Control'
import { useFormPhone } from './device'
import type { FieldState, States } from './logic'

const Rows = lazy(() => import('./controls/Rows'))

export interface FieldProps {
  field: FieldDoc
  state: FieldState
  value: unknown
  onChange: (value: unknown) => void
  errors: Errors
  rows?: States[]
  prefix: string
  dense: boolean
}

export function Field({ field, state, value, onChange, errors, rows, prefix, dense }: FieldProps) {
  const phone = useFormPhone()
  if (field.kind === 'note') return <p className="note prose">{words(field.text)}</p>
  const id = `${prefix}-${field.key}`
  const wrong = errors[field.key] ?? (field.kind === 'table' ? undefined : Object.entries(errors).find(([path]) => path.startsWith(field.key + '/'))?.[1])
  const help = words(field.help)
  const example = words(field.example as Words | undefined)
  const described = [wrong && id + '-error', help && id + '-help', example && id + '-example'].filter(Boolean).join(' ') || undefined
  const common = { field, state, id, labelId: id + '-label', value, onChange, invalid: !!wrong, describedBy: described, phone, dense }
  return (
    <div className="field" data-field={field.key} data-wrong={wrong ? '' : undefined}>
      <label className="field-label" id={id + '-label'} htmlFor={id}>
        {words(field.label) || field.key}
        {state.required && !state.readOnly && (
          <span className="must" title={t('form.required')}>
            {' *'}
          </span>
        )}
      </label>
      {help && (
        <span className="field-help" id={id + '-help'}>
          {help}
        </span>
      )}
      {field.kind === 'table' ? (
        <Suspense fallback={<div className="control-wait" />}>
          <Rows {...common} rows={rows ?? []} errors={errors} />
        </Suspense>
      ) : (
        <Control {...common} />
      )}
      {example && !state.readOnly && (
        <span className="field-example" id={id + '-example'}>
          {t('form.example', { example })}
        </span>
      )}
      {wrong && (
        <span className="field-error" id={id + '-error'}>
          {wrong}
        </span>
      )}
    </div>
  )
}
