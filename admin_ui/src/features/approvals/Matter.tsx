// What is to be decided: the figure that matters largest, then what was asked for, and what is filled in here.
import { Fragment, type RefObject } from 'react'
import type { FieldDoc, FormDoc, Task, Ticket, Values } from '../../api/types'
import { t, words } from '../../i18n/t'
import { FormFields } from '../../form/Form'
import { isEmpty } from '../../form/model'
import type { FormState } from '../../form/useForm'
import { ValueView } from '../../form/ValueView'
import { Name, Remark } from '../../ui/bits'
import { Status } from '../../ui/shapes'
import '../../form/form.css'

const BROAD = ['table', 'photo', 'attachment', 'location', 'richtext']
const COUNTED = ['money', 'number', 'computed']

/** The field that a decision turns on: money first, else the first number with a unit. */
function largest(fields: FieldDoc[], values: Values): FieldDoc | undefined {
  const there = fields.filter((field) => COUNTED.includes(field.kind) && typeof values[field.key] === 'number')
  return there.find((field) => field.kind === 'money') ?? there.find((field) => field.currency ?? field.unit)
}

interface Props {
  ticket: Ticket
  task: Task
  form: FormState
  works: boolean
  root: RefObject<HTMLElement | null>
  dense: boolean
}

/** The fields of the step that may be filled in here; the others are shown with the rest. */
export function editable(task: Task, works: boolean): FormDoc | null {
  if (!works || !task.form) return null
  const fields = task.form.fields.filter((field) => field.read_only !== true)
  return fields.length ? { ...task.form, fields, layout: undefined } : null
}

export function Matter({ ticket, task, form, works, root, dense }: Props) {
  // What the step's form says of a field counts: it has the access of this step.
  const shown = new Map<string, FieldDoc>()
  for (const field of [...(ticket.form?.fields ?? []), ...(task.form?.fields ?? [])]) shown.set(field.key, field)
  const access = (task as Task & { access?: Record<string, string> }).access ?? {}
  const editing = new Set(form.form.fields.map((field) => field.key))
  const fields = [...shown.values()].filter((field) => access[field.key] !== 'hide' && !(works && editing.has(field.key)))
  const values = { ...ticket.values, ...task.values }
  const main = largest(fields, values)
  const rest = fields.filter((field) => field !== main && field.kind !== 'note' && !isEmpty(values[field.key]))
  const broad = rest.filter((field) => BROAD.includes(field.kind))
  return (
    <>
      <header className="matter-head">
        <div className="row g8 wrap">
          <span className="cap">{ticket.number}</span>
          <Status of={ticket.status} />
        </div>
        <h1>{ticket.title}</h1>
      </header>
      <section className="card matter">
        {main && (
          <div className="matter-figure">
            <span className="cap">{words(main.label)}</span>
            <b>
              <ValueView field={main} value={values[main.key]} />
            </b>
          </div>
        )}
        {task.description && <p className="t13 ink2 prose">{task.description}</p>}
        <dl className="facts matter-facts">
          <dt>{t('ticket.requester')}</dt>
          <dd>
            <Name of={ticket.requester} />
          </dd>
          <dt>{t('approvals.type')}</dt>
          <dd>{words(ticket.type_name)}</dd>
          {rest
            .filter((field) => !broad.includes(field))
            .map((field) => (
              <Fragment key={field.key}>
                <dt>{words(field.label) || field.key}</dt>
                <dd className="prose">
                  <ValueView field={field} value={values[field.key]} />
                </dd>
              </Fragment>
            ))}
        </dl>
      </section>
      {broad.map((field) => (
        <section key={field.key} className="card matter" aria-label={words(field.label)}>
          <h2 className="t14">{words(field.label) || field.key}</h2>
          <ValueView field={field} value={values[field.key]} />
        </section>
      ))}
      {form.form.fields.length > 0 && works && (
        <section className="card matter" ref={root} aria-label={t('approvals.fillIn')}>
          <h2 className="t14">{words(task.form?.title) || t('approvals.fillIn')}</h2>
          <FormFields state={form} dense={dense} />
          {form.restored && <Remark tone="neutral">{t('approvals.draft')}</Remark>}
        </section>
      )}
    </>
  )
}
