// Filling in a ticket: one column, the draft kept as it is typed, the submit bar always in sight.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Select } from 'antd'
import { ArrowLeft, Clock3 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { asProblem, call } from '../../api/client'
import { useDepartments, useMe, useType } from '../../api/queries'
import { putOut, type Letter } from '../../api/outbox'
import { useScanned, type Scanned } from '../../api/records'
import type { FormDoc, Ticket, TicketType, Values } from '../../api/types'
import { t, words } from '../../i18n/t'
import { focusFirstError, FormFields } from '../../form/Form'
import { useForm } from '../../form/useForm'
import { waitingOf } from '../../form/waiting'
import { Empty, Failed, icon, icon18, IconButton, Loading, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { shortWhen } from '../../ui/time'
import { OtherTab } from './OtherTab'
import { Outbox } from './Outbox'

const MAX_TITLE = 300

export default function NewTicket() {
  const { type } = useParams()
  const { data, error, refetch } = useType(type)
  const [search] = useSearchParams()
  const scanned = useScanned(type, search.get('asset'), search.get('signature'))
  if (error)
    return (
      <main className="portal-main narrow">
        <div className="card">
          {asProblem(error).status === 404 ? (
            <Empty title={t('new.noType')} text={t('new.noTypeWhat')} action={<Link to="/p">{t('do.home')}</Link>} />
          ) : (
            <Failed error={error} again={() => void refetch()} />
          )}
        </div>
      </main>
    )
  return data && !scanned.isLoading ? <Filling key={data.key} type={data} scanned={scanned.data} /> : <Loading />
}

/** The intake form with the ticket's title before it, unless the form has its own. */
function withTitle(type: TicketType): FormDoc {
  const form = type.form ?? { key: type.key, fields: [] }
  if (form.fields.some((field) => field.key === 'title')) return form
  const title = { key: 'title', kind: 'text', label: t('new.title'), placeholder: type.title ?? undefined, required: true, max_length: MAX_TITLE }
  return { ...form, fields: [title, ...form.fields], layout: form.layout?.length ? ['title', ...form.layout] : undefined }
}

function Filling({ type, scanned }: { type: TicketType; scanned?: Scanned }) {
  const { user } = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const phone = usePhone()
  const { message } = App.useApp()
  const [search] = useSearchParams()
  const root = useRef<HTMLFormElement>(null)
  const own = !!type.form?.fields.some((field) => field.key === 'title')
  const document = useMemo(() => withTitle(type), [type])
  // What a QR code says of the thing it hangs on: ?asset=…
  const start = useMemo(() => prefilled(document, search, scanned), [document, search, scanned])
  const draft = `${user.username}.new.${type.key}`
  const form = useForm(document, start, draft)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [kept, setKept] = useState(false)
  const name = words(type.name)

  const submit = async () => {
    if (busy) return
    const away = !navigator.onLine
    if (!form.valid(undefined, away)) {
      setWrong(null)
      return focusFirstError(root)
    }
    const { title, ...rest } = form.answers()
    const body = { type: type.key, title: String(title ?? '').trim(), values: own ? { ...rest, title } : rest }
    const key = form.keyFor(body)
    setBusy(true)
    setWrong(null)
    try {
      if (away && (await later(key, body))) return
      const ticket = await call<Ticket>('POST', '/tickets', { body, key })
      form.forget()
      for (const key of ['tickets', 'tasks', 'counts']) void client.invalidateQueries({ queryKey: [key] })
      void message.success(t('new.sent', { number: ticket.number }))
      void navigate(`/p/tickets/${encodeURIComponent(ticket.number)}`, { replace: true })
    } catch (error) {
      const problem = asProblem(error)
      if (problem.code === 'offline' && (await later(key, body))) return
      if (form.place(problem)) focusFirstError(root)
      else setWrong([problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
      setBusy(false)
    }
  }

  /** Leaves it to the outbox, with the files that could not be sent yet. */
  const later = async (id: string, body: Letter['body']): Promise<boolean> => {
    const kinds = new Map(document.fields.map((field) => [field.key, field.kind]))
    const files = (await waitingOf(draft)).map(({ place, file }) => {
      const field = place.slice(draft.length + 1)
      return { field, many: kinds.get(field) !== 'signature', file }
    })
    const left = await putOut({ id, user: user.username, draft, type: type.key, name: type.name, body, files, at: new Date().toISOString() })
    if (!left) return false
    form.forget()
    void message.info(t('portal.kept'))
    setKept(true) // another page may not be loaded yet, and now it cannot be
    return true
  }

  const examples = type.form?.examples ?? []
  const fill = examples.length > 0 && (
    <Select
      size={phone ? 'large' : 'middle'}
      aria-label={t('new.example')}
      placeholder={t('new.example')}
      value={null}
      style={{ width: 240, alignSelf: 'flex-start' }}
      options={examples.map((example, place) => ({ value: place, label: words(example.name) }))}
      onChange={(place: number | null) => place !== null && form.fillIn(examples[place]!.values)}
    />
  )
  const saved = form.savedAt ? (phone ? t('form.saved') : t('form.savedAt', { at: shortWhen(form.savedAt) })) : ''
  const button = (
    <Button type="primary" htmlType="submit" size={phone ? 'large' : 'middle'} block={phone} loading={busy} disabled={!form.ready}>
      {busy ? t('state.sending') : t('new.submit')}
    </Button>
  )
  const fields = (
    <>
      <Outbox />
      <OtherTab draft={draft} />
      {type.description && <p className="t13 ink2">{words(type.description)}</p>}
      {fill}
      <FormFields state={form} />
      {wrong && <Remark tone="red">{wrong}</Remark>}
    </>
  )
  const onSubmit = (event: React.FormEvent) => {
    event.preventDefault()
    void submit()
  }
  if (kept)
    return (
      <main className="portal-main narrow col g16">
        <Outbox />
        <Link to="/p">{t('do.home')}</Link>
      </main>
    )
  if (phone)
    return (
      <form ref={root} onSubmit={onSubmit} noValidate className="phone-form">
        <header className="phone-bar">
          <IconButton label={t('do.back')} onClick={() => void navigate('/p')}>
            <ArrowLeft {...icon18} />
          </IconButton>
          <h1 className="grow cut">{name}</h1>
          <span className="cap">{saved}</span>
        </header>
        <main className="phone-main">{fields}</main>
        <div className="phone-foot">{button}</div>
      </form>
    )
  return (
    <div className="portal-main form-columns">
      <main>
        <Crumbs type={type} />
        <h1 className="form-title">{name}</h1>
        <form ref={root} onSubmit={onSubmit} noValidate className="card">
          <div className="form-body">{fields}</div>
          <div className="form-foot">
            <span className="cap">{saved}</span>
            <span className="row g8">
              {form.savedAt && (
                <Button
                  type="text"
                  onClick={() => {
                    form.forget()
                    void navigate('/p')
                  }}
                >
                  {t('new.discard')}
                </Button>
              )}
              <Link to="/p">
                <Button tabIndex={-1}>{t('do.cancel')}</Button>
              </Link>
              {button}
            </span>
          </div>
        </form>
      </main>
      <After type={type} />
    </div>
  )
}

function Crumbs({ type }: { type: TicketType }) {
  const departments = useDepartments()
  const department = words(departments.data?.items.find((one) => one.key === type.department)?.name)
  return (
    <div className="row g8 t13 ink3">
      <Link to="/p">{t('nav.home')}</Link>
      {department && (
        <>
          <span aria-hidden>/</span>
          <span>{department}</span>
        </>
      )}
    </div>
  )
}

/** What happens after submitting: the steps that this type names. */
function After({ type }: { type: TicketType }) {
  const steps = (type.progress ?? []).map((step) => words(step.label)).filter(Boolean)
  if (steps.length < 2) return null
  return (
    <aside className="form-aside">
      <div className="card p16">
        <h2 className="aside-title">
          <Clock3 {...icon} color="var(--ink-3)" />
          {t('new.after')}
        </h2>
        <ol className="col g12">
          {steps.map((step, place) => (
            <li key={place} className="row g12">
              <span className="count">{place + 1}</span>
              <span className="t13">{step}</span>
            </li>
          ))}
        </ol>
      </div>
    </aside>
  )
}

function prefilled(form: FormDoc, search: URLSearchParams, scanned?: Scanned): Values {
  const out: Values = scanned ? ofScan(form, scanned) : {}
  const texts = new Set(['text', 'textarea', 'asset', 'ticket', 'scan', 'choice', 'phone', 'user', 'group', 'department'])
  for (const field of form.fields) {
    const value = search.get(field.key)
    if (value && texts.has(field.kind)) out[field.key] = value
  }
  return out
}

/** What a scanned code fills in: the first field that takes an asset, and the first that takes a place. */
function ofScan(form: FormDoc, { number, lat, lng, address, place_name }: Scanned): Values {
  const out: Values = {}
  const thing = form.fields.find((field) => field.kind === 'asset') ?? form.fields.find((field) => field.kind === 'scan')
  const place = form.fields.find((field) => field.kind === 'location')
  if (thing) out[thing.key] = number
  if (place && lat !== null && lng !== null) out[place.key] = { lat, lng, address: address ?? place_name ?? undefined }
  return out
}
