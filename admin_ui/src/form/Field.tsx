// One field: its label, control, help and error. The same in portal, step and preview.
import type { FieldDoc } from '../api/types'
import { t, words } from '../i18n/t'
import { usePhone } from '../ui/prefs'
import type { Errors } from './check'
import { Control } from './Control'
import { Rows } from './controls/Rows'
import type { FieldState, States } from './logic'

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
  const phone = usePhone()
  if (field.kind === 'note') return <p className="note prose">{words(field.text)}</p>
  const id = `${prefix}-${field.key}`
  const wrong = errors[field.key] ?? (field.kind === 'table' ? undefined : Object.entries(errors).find(([path]) => path.startsWith(field.key + '/'))?.[1])
  const help = words(field.help)
  const described = [wrong && id + '-error', help && id + '-help'].filter(Boolean).join(' ') || undefined
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
      {field.kind === 'table' ? <Rows {...common} rows={rows ?? []} errors={errors} /> : <Control {...common} />}
      {wrong && (
        <span className="field-error" id={id + '-error'}>
          {wrong}
        </span>
      )}
    </div>
  )
}
