// The step that is open: its form with its buttons in one card; who holds it; taking it, giving it.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popover } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { asProblem, call, newKey } from '../../api/client'
import { ticketChanged, useGroups, useMe, useName, useTask } from '../../api/queries'
import type { Task, TaskRow, Ticket, Values } from '../../api/types'
import { t, words } from '../../i18n/t'
import { filled, focusFirstError, FormFields } from '../../form/Form'
import { PersonPicker } from '../../form/controls/named'
import { useForm } from '../../form/useForm'
import { Failed, Loading, Name, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { when } from '../../ui/time'
import { candidate } from './sentences'
import './ticket.css'

interface Props {
  ticket: Ticket
  row: TaskRow
  dense?: boolean
  folded?: boolean
}

export function StepCard({ ticket, row, dense = false, folded = false }: Props) {
  const task = useTask(ticket.number, row.id)
  if (task.error) return <Failed error={task.error} again={() => void task.refetch()} />
  if (!task.data)
    return (
      <section className="card">
        <Loading lines={3} />
      </section>
    )
  return <OpenStep key={row.id} ticket={ticket} task={task.data} dense={dense} folded={folded} />
}

const withAction = (task: TaskRow, action: string): Values => (action ? { [`${task.element}_action`]: action } : {})

function OpenStep({ ticket, task, dense, folded }: { ticket: Ticket; task: Task; dense: boolean; folded: boolean }) {
  const client = useQueryClient()
  const { user } = useMe()
  const { message } = App.useApp()
  const phone = usePhone()
  const root = useRef<HTMLElement>(null)
  // Rules may ask which button is pressed (`handle_action = "solve"`); until one is, the usual one counts.
  const [pressed, setPressed] = useState(task.actions[0]?.key ?? '')
  const scope = useMemo(() => withAction(task, pressed), [task, pressed])
  const form = useForm(task.form, task.values, `${user.username}.task.${task.id}`, scope)
  const [busy, setBusy] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const may = (what: string) => task.may.includes(what)
  const mine = task.assignee === user.username
  const works = may('complete')
  const name = words(task.name)
  const { must, done } = filled(form)

  const run = async (what: string, todo: () => Promise<unknown>) => {
    if (busy) return
    setBusy(what)
    setWrong(null)
    try {
      await todo()
      await ticketChanged(client, ticket.number)
    } catch (error) {
      const problem = asProblem(error)
      const placed = form.place(problem)
      if (placed) focusFirstError(root)
      setWrong(placed ? problem.title : [problem.message, ...problem.errors.map((one) => one.detail)].filter((one, at, all) => one && all.indexOf(one) === at).join(' '))
      if (problem.status === 409 || problem.status === 404 || problem.status === 412) void ticketChanged(client, ticket.number)
    } finally {
      setBusy(null)
    }
  }

  const complete = (action: string | null, label: string) => {
    setPressed(action ?? '')
    const chosen = withAction(task, action ?? '')
    if (!form.valid(chosen)) {
      setWrong(t('form.missing'))
      return focusFirstError(root)
    }
    const body = { values: form.answers(chosen), ...(action ? { action } : {}) }
    return run(action ?? 'complete', async () => {
      await call('POST', `/tasks/${encodeURIComponent(task.id)}/complete`, { body, key: form.keyFor([task.id, body]) })
      form.forget()
      void message.success(t('ticket.done', { action: label }))
    })
  }
  const simple = (what: string, body?: unknown) => run(what, () => call('POST', `/tasks/${encodeURIComponent(task.id)}/${what}`, { body, key: newKey() }))

  const buttons = works ? (task.actions.length ? task.actions : [{ key: '', label: t('do.done') }]) : []
  // The first in the file is the usual way on: primary, and at the right where the hand is.
  const drawn = buttons.map((action, place) => (
    <Button
      key={action.key}
      type={place === 0 ? 'primary' : 'default'}
      size={phone ? 'large' : dense ? 'small' : 'middle'}
      block={phone}
      loading={busy === (action.key || 'complete')}
      disabled={!form.ready}
      onClick={() => void complete(action.key || null, words(action.label))}
    >
      {busy === (action.key || 'complete') ? t('state.sending') : words(action.label)}
    </Button>
  ))
  const hands = (
    <>
      {may('claim') && (
        <Button size={dense ? 'small' : 'middle'} loading={busy === 'claim'} onClick={() => void simple('claim')} data-claim>
          {t('do.claim')}
        </Button>
      )}
      {may('release') && mine && (
        <Button size={dense ? 'small' : 'middle'} type="text" loading={busy === 'release'} onClick={() => void simple('release')}>
          {t('do.release')}
        </Button>
      )}
      {may('assign') && <Assign size={dense ? 'small' : 'middle'} give={(username) => simple('assign', { user: username })} />}
    </>
  )
  // Somebody else's step is a line, not a form that cannot be filled in.
  const hasForm = works && !!task.form?.fields.length
  return (
    <section className="card step" ref={root} aria-label={t('ticket.step', { name })} data-step>
      <div className="step-head">
        <div className="col grow">
          <h2>{dense ? t('ticket.step', { name }) : name}</h2>
          <span className="cap">
            <Holder task={task} />
            {task.due && ` · ${t('ticket.due', { at: when(task.due) })}`}
            {folded && works && must > 0 && ` · ${t('form.filled', { must, done })}`}
          </span>
        </div>
        {!phone && (
          <div className="row g8 wrap step-buttons">
            {hands}
            {[...drawn].reverse()}
          </div>
        )}
      </div>
      {wrong && (
        <div className="step-wrong">
          <Remark tone="red">{wrong}</Remark>
        </div>
      )}
      {task.description && works && !folded && <p className="step-what t13 ink2 prose">{task.description}</p>}
      {hasForm && !folded && (
        <div className="step-form">
          <FormFields state={form} dense={dense} />
        </div>
      )}
      {phone && (drawn.length > 0 || may('claim') || may('assign')) && (
        <div className="step-foot col g8">
          {drawn}
          <div className="row g8 wrap">{hands}</div>
        </div>
      )}
      {form.restored && form.savedAt && hasForm && !folded && <p className="step-draft cap">{t('form.draftFrom', { at: when(form.savedAt) })}</p>}
    </section>
  )
}

function Holder({ task }: { task: TaskRow }) {
  const groups = useGroups()
  const { user } = useMe()
  const first = task.candidates.find((entry) => entry.startsWith('user:'))?.slice(5)
  const firstName = useName(first)
  if (task.assignee)
    return task.assignee === user.username ? (
      <>{t('ticket.holdsYou')}</>
    ) : (
      <>
        <Name of={task.assignee} /> {t('ticket.holds')}
      </>
    )
  const group = (key: string) => words(groups.data?.items.find((one) => one.key === key)?.name) || key
  const all = task.candidates.map((entry) => candidate(entry, { person: (key) => (key === first ? firstName : key), group }))
  return <>{all.length ? t('ticket.openFor', { who: all.join(t('list.comma')) }) : t('ticket.openForAll')}</>
}

function Assign({ size, give }: { size: 'small' | 'middle'; give: (username: string) => Promise<void> }) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      content={
        <div style={{ width: 240 }}>
          <PersonPicker
            value={null}
            aria-label={t('ticket.assignTo')}
            placeholder={t('ticket.assignTo')}
            onChange={(username) => {
              if (!username) return
              setOpen(false)
              void give(username)
            }}
          />
        </div>
      }
    >
      <Button size={size} type="text">
        {t('do.assign')}
      </Button>
    </Popover>
  )
}
