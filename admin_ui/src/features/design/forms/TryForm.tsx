// The form as people get it: filled in for a try, its rules at work; nothing is sent.
import { Button } from 'antd'
import { useMemo, useRef } from 'react'
import type { FormDoc, Values } from '../../../api/types'
import { focusFirstError, FormFields } from '../../../form/Form'
import { useForm } from '../../../form/useForm'
import { t } from '../../../i18n/t'

const NOBODY: Values = { ticket: {} }

export function TryForm({ form, access }: { form: FormDoc; access: (field: string) => string }) {
  const root = useRef<HTMLDivElement>(null)
  const seen = useMemo(
    (): FormDoc => ({
      ...form,
      fields: form.fields.map((field) => {
        const level = access(field.key)
        return level === 'hide' ? { ...field, shown: false } : level === 'read' ? { ...field, read_only: true } : field
      }),
    }),
    [form, access],
  )
  const state = useForm(seen, NOBODY, null, NOBODY)
  return (
    <div ref={root} className="col g16">
      <FormFields state={state} />
      <Button style={{ alignSelf: 'flex-start' }} onClick={() => !state.valid() && focusFirstError(root)}>
        {t('formDesigner.checkAnswers')}
      </Button>
    </div>
  )
}
