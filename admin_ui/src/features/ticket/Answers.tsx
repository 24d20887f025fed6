// What was filled in so far, field by field.
import type { FieldDoc, Ticket } from '../../api/types'
import { words } from '../../i18n/t'
import { ValueView } from '../../form/ValueView'
import { isEmpty } from '../../form/model'
import '../../form/form.css'

/** `only` names the fields to show; left out: all of them. */
export function Answers({ ticket, only }: { ticket: Ticket; only?: Set<string> }) {
  const fields = (ticket.form?.fields ?? []).filter((field) => (!only || only.has(field.key)) && field.kind !== 'note' && !(isEmpty(ticket.values[field.key]) && ticket.values[field.key] !== false))
  if (!fields.length) return null
  return (
    <dl className="answers">
      {fields.map((field: FieldDoc) => (
        <div key={field.key} className={field.kind === 'table' || field.kind === 'photo' || field.kind === 'textarea' ? 'wide' : undefined}>
          <dt>{words(field.label) || field.key}</dt>
          <dd>
            <ValueView field={field} value={ticket.values[field.key]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
