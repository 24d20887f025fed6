// A part of a ticket: a ticket of its own with the form of its own type, linked from the beginning.
import { useQueryClient } from '@tanstack/react-query'
import { App, Form, Input, Modal, Select } from 'antd'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { asProblem, call } from '../../api/client'
import { ticketChanged, useMe, useType, useTypes } from '../../api/queries'
import type { Ticket, TicketType } from '../../api/types'
import { t, words } from '../../i18n/t'
import { focusFirstError, FormFields } from '../../form/Form'
import { useForm } from '../../form/useForm'
import { Remark } from '../../ui/bits'

interface Props {
  ticket: Ticket
  close: () => void
}

export function Part({ ticket, close }: Props) {
  const types = useTypes().data?.items
  const [key, setKey] = useState<string>()
  const type = useType(key).data
  const choice = (
    <Form.Item label={t('work.type')}>
      <Select aria-label={t('work.type')} value={key} onChange={setKey} options={types?.map((one) => ({ value: one.key, label: words(one.name) || one.key }))} />
    </Form.Item>
  )
  if (type && type.key === key) return <Filling key={key} ticket={ticket} type={type} close={close} choice={choice} />
  return (
    <Modal open title={t('work.part')} onCancel={close} footer={null}>
      <Form layout="vertical">
        <p className="t13 ink2">{t('work.partWhat')}</p>
        {choice}
      </Form>
    </Modal>
  )
}

function Filling({ ticket, type, close, choice }: Props & { type: TicketType; choice: React.ReactNode }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { user } = useMe()
  const { message } = App.useApp()
  const root = useRef<HTMLDivElement>(null)
  const form = useForm(type.form, {}, `${user.username}.part.${ticket.number}.${type.key}`)
  const [title, setTitle] = useState(ticket.title)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const create = async () => {
    if (!form.valid()) return focusFirstError(root)
    const body = { type: type.key, title: title.trim(), values: form.answers() }
    setBusy(true)
    try {
      const made = await call<{ number: string }>('POST', `/tickets/${encodeURIComponent(ticket.number)}/children`, { body, key: form.keyFor(body) })
      form.forget()
      await ticketChanged(client, ticket.number)
      void message.success(t('new.sent', { number: made.number }))
      close()
      void navigate(`/work/${encodeURIComponent(made.number)}`)
    } catch (error) {
      const problem = asProblem(error)
      if (form.place(problem)) focusFirstError(root)
      else setWrong([problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('work.part')} onCancel={close} okText={t('work.partCreate')} cancelText={t('do.cancel')} okButtonProps={{ loading: busy, disabled: !title.trim() || !form.ready }} onOk={() => void create()}>
      <div ref={root} className="col g12">
        <Form layout="vertical">
          {choice}
          <Form.Item label={t('new.title')}>
            <Input aria-label={t('new.title')} maxLength={300} value={title} onChange={(event) => setTitle(event.target.value)} />
          </Form.Item>
        </Form>
        <FormFields state={form} />
        {wrong && <Remark tone="red">{wrong}</Remark>}
      </div>
    </Modal>
  )
}
