// An open step of the trial: done as whoever it is meant for, or as anybody else.
import { Button } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { asProblem } from '../../../api/client'
import type { Task, Values } from '../../../api/types'
import { completeTask, type Trial } from '../../../api/trials'
import { FormFields, focusFirstError } from '../../../form/Form'
import { useForm } from '../../../form/useForm'
import { t, words } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { when } from '../../../ui/time'
import { As } from './As'
import type { Take } from './Panel'

/** The pressed button as rules see it: `<step>_action`. */
const withAction = (task: Task, action: string): Values => (action ? { [`${task.element}_action`]: action } : {})

export function Step({ trial, task, take }: { trial: Trial; task: Task & { as: string }; take: Take }) {
  const root = useRef<HTMLElement>(null)
  const [who, setWho] = useState(task.as)
  const [pressed, setPressed] = useState(task.actions[0]?.key ?? '')
  const [busy, setBusy] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const scope = useMemo(() => withAction(task, pressed), [task, pressed])
  const form = useForm(task.form, task.values, null, scope)
  const buttons = task.actions.length
    ? task.actions.map(({ key, label }) => ({ key, label: words(label) }))
    : task.kind === 'approval'
      ? [
          { key: 'approve', label: t('tryIt.approve') },
          { key: 'reject', label: t('tryIt.reject') },
        ]
      : [{ key: '', label: t('do.done') }]
  const press = async (action: string) => {
    setPressed(action)
    const chosen = withAction(task, action)
    if (!form.valid(chosen)) {
      setWrong(t('form.missing'))
      return focusFirstError(root)
    }
    setBusy(action || 'done')
    setWrong(null)
    try {
      await take(completeTask(trial, task.id, who, form.answers(chosen), action || null))
    } catch (error) {
      const problem = asProblem(error)
      setWrong(form.place(problem) ? problem.title : [problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
    } finally {
      setBusy(null)
    }
  }
  return (
    <section className="trial-part trial-step" ref={root} aria-label={words(task.name)} data-step={task.element}>
      <div className="row apart g8">
        <h2>{words(task.name)}</h2>
        {task.due && <span className="cap">{t('ticket.due', { at: when(task.due) })}</span>}
      </div>
      <As value={who} onChange={setWho} label={t('tryIt.doAs')} meant={task.as} />
      {task.form && <FormFields state={form} />}
      {wrong && <Remark tone="red">{wrong}</Remark>}
      <div className="row g6 wrap">
        {buttons.map(({ key, label }, place) => (
          <Button key={key} type={place ? 'default' : 'primary'} loading={busy === (key || 'done')} disabled={!form.ready || (busy !== null && busy !== (key || 'done'))} onClick={() => void press(key)}>
            {label}
          </Button>
        ))}
      </div>
    </section>
  )
}
