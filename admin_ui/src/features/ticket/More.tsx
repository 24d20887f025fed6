// What is done with a ticket as a whole: link, merge, a part of it, work done.
import { useQueryClient } from '@tanstack/react-query'
import { App, Dropdown, Form, Input, InputNumber, Modal, Select } from 'antd'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { asProblem } from '../../api/client'
import { ticketChanged } from '../../api/queries'
import type { Ticket } from '../../api/types'
import { link, logWork, merge } from '../../api/workspace'
import { t } from '../../i18n/t'
import { icon, IconButton } from '../../ui/bits'
import { TicketPicker } from '../work/TicketPicker'
import { LINKS } from './linkNames'
import { Part } from './Part'

type Box = 'link' | 'merge' | 'part' | 'log' | null

export function More({ ticket }: { ticket: Ticket }) {
  const [box, setBox] = useState<Box>(null)
  const may = (what: string) => ticket.may?.includes(what) ?? false
  const items = [
    ...(may('edit_ticket') ? [{ key: 'log', label: t('work.logWork') }] : []),
    ...(may('link') ? [{ key: 'link', label: t('work.link') }] : []),
    ...(may('link') && !ticket.closed_at ? [{ key: 'part', label: t('work.part') }] : []),
    ...(may('edit_ticket') && !ticket.closed_at ? [{ key: 'merge', label: t('work.merge'), danger: true }] : []),
  ]
  if (!items.length) return null
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => setBox(key as Box) }}>
        <IconButton label={t('work.moreActs')}>
          <Ellipsis {...icon} />
        </IconButton>
      </Dropdown>
      {box === 'part' && <Part ticket={ticket} close={() => setBox(null)} />}
      {(box === 'link' || box === 'merge') && <Other ticket={ticket} what={box} close={() => setBox(null)} />}
      {box === 'log' && <Log ticket={ticket} close={() => setBox(null)} />}
    </>
  )
}

interface Inside {
  ticket: Ticket
  close: () => void
}

/** Does something, then closes the box; a refusal is said and the box stays. */
function useDoing({ ticket, close }: Inside) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const run = async (todo: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await todo()
      await ticketChanged(client, ticket.number)
      close()
    } catch (error) {
      const problem = asProblem(error)
      void message.error(problem.errors[0]?.detail ?? problem.message)
    } finally {
      setBusy(false)
    }
  }
  return { busy, run }
}

function Other({ ticket, what, close }: Inside & { what: 'link' | 'merge' }) {
  const { busy, run } = useDoing({ ticket, close })
  const navigate = useNavigate()
  const [other, setOther] = useState<string>()
  const [kind, setKind] = useState('relates')
  const done = () =>
    run(async () => {
      if (what === 'link') return link(ticket.number, other!, kind)
      await merge(ticket.number, other!)
      void navigate(`/work/${encodeURIComponent(other!)}`)
    })
  return (
    <Modal open title={t(what === 'link' ? 'work.link' : 'work.merge')} onCancel={close} okText={t(what === 'link' ? 'do.save' : 'work.mergeNow')} cancelText={t('do.cancel')} okButtonProps={{ disabled: !other, loading: busy, danger: what === 'merge' }} onOk={() => void done()}>
      <Form layout="vertical">
        {what === 'merge' && <p className="t13 ink2">{t('work.mergeWhat', { number: ticket.number })}</p>}
        {what === 'link' && (
          <Form.Item label={t('work.linkKind')}>
            <Select aria-label={t('work.linkKind')} value={kind} onChange={setKind} options={LINKS.map((value) => ({ value, label: t(`link.${value}`) }))} />
          </Form.Item>
        )}
        <Form.Item label={t('work.otherTicket')}>
          <TicketPicker value={other} onChange={setOther} without={ticket.number} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function Log({ ticket, close }: Inside) {
  const { busy, run } = useDoing({ ticket, close })
  const [minutes, setMinutes] = useState<number | null>(15)
  const [note, setNote] = useState('')
  return (
    <Modal open title={t('work.logWork')} onCancel={close} okText={t('do.note')} cancelText={t('do.cancel')} okButtonProps={{ disabled: !minutes, loading: busy }} onOk={() => void run(() => logWork(ticket.number, minutes!, note))}>
      <Form layout="vertical">
        <Form.Item label={t('work.minutes')}>
          <InputNumber aria-label={t('work.minutes')} min={1} max={1440} precision={0} value={minutes} onChange={setMinutes} autoFocus />
        </Form.Item>
        <Form.Item label={t('work.logNote')}>
          <Input aria-label={t('work.logNote')} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
