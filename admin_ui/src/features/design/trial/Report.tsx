// The ticket that is tried, reported as anybody: the form as requesters get it.
import { Button, Input } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { asProblem } from '../../../api/client'
import { useMe } from '../../../api/queries'
import type { TicketType, Values } from '../../../api/types'
import { startTicket, type Trial } from '../../../api/trials'
import { FormFields, focusFirstError } from '../../../form/Form'
import { useForm } from '../../../form/useForm'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { As } from './As'
import type { Take } from './Panel'

const NOTHING: Values = {}

export function Report({ trial, type, take }: { trial: Trial; type: TicketType; take: Take }) {
  const { user } = useMe()
  const root = useRef<HTMLElement>(null)
  const [who, setWho] = useState('role:requester')
  const [title, setTitle] = useState(t('tryIt.example'))
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const scope = useMemo(() => ({ ticket: { requester: user.username, type: type.key } }), [user.username, type.key])
  const form = useForm(type.form, NOTHING, null, scope)
  const submit = async () => {
    if (!form.valid()) {
      setWrong(t('form.missing'))
      return focusFirstError(root)
    }
    setBusy(true)
    setWrong(null)
    try {
      await take(startTicket(trial, who, title.trim() || t('tryIt.example'), form.answers()))
    } catch (error) {
      const problem = asProblem(error)
      setWrong(form.place(problem) ? problem.title : [problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
      setBusy(false)
    }
  }
  return (
    <section className="trial-part" ref={root} aria-label={t('tryIt.report')}>
      <h2>{t('tryIt.report')}</h2>
      <As value={who} onChange={setWho} label={t('tryIt.submitAs')} />
      <label className="col g4 t12 ink2">
        {t('tryIt.ticketTitle')}
        <Input size="small" value={title} maxLength={300} onChange={(event) => setTitle(event.target.value)} />
      </label>
      <FormFields state={form} />
      {wrong && <Remark tone="red">{wrong}</Remark>}
      <Button type="primary" loading={busy} disabled={!form.ready} onClick={() => void submit()}>
        {t('tryIt.submit')}
      </Button>
    </section>
  )
}
