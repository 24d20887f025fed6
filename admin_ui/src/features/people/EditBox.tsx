// The frame of the three edit boxes: a form at the right, its errors at their fields.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { asProblem, call, newKey } from '../../api/client'
import { t } from '../../i18n/t'
import { Remark } from '../../ui/bits'
import '../../form/form.css'

export interface Saving {
  method: 'POST' | 'PATCH'
  path: string
  body: Record<string, unknown>
}

interface Props {
  title: string
  keys: string[] // of the queries that a change makes old
  save: () => Saving
  close: () => void
  children: (errors: Record<string, string>) => ReactNode
}

export function EditBox({ title, keys, save, close, children }: Props) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setWrong(null)
    setErrors({})
    const { method, path, body } = save()
    try {
      await call(method, path, { body, key: newKey() })
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] })
      void message.success(t('people.saved'))
      close()
    } catch (error) {
      const problem = asProblem(error)
      setErrors(Object.fromEntries(problem.errors.map((one) => [one.pointer.split('/')[1] ?? '', one.detail])))
      setWrong(problem.message)
      setBusy(false)
    }
  }
  return (
    <Drawer open onClose={close} title={title} size={420} destroyOnHidden>
      <form className="col g16" onSubmit={(event) => void submit(event)} noValidate>
        {children(errors)}
        {wrong && <Remark tone="red">{wrong}</Remark>}
        <div className="row g8">
          <Button type="primary" htmlType="submit" loading={busy}>
            {busy ? t('state.saving') : t('do.save')}
          </Button>
          <Button onClick={close}>{t('do.cancel')}</Button>
        </div>
      </form>
    </Drawer>
  )
}

interface LabelledProps {
  label: string
  error?: string
  must?: boolean
  help?: string
  children: (named: { id: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string; status?: 'error' }) => ReactNode
}

export function Labelled({ label, error, must, help, children }: LabelledProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
        {must && <span className="must"> *</span>}
      </label>
      {help && <span className="field-help">{help}</span>}
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': error ? id + '-error' : undefined, status: error ? 'error' : undefined })}
      {error && (
        <span className="field-error" id={id + '-error'}>
          {error}
        </span>
      )}
    </div>
  )
}
