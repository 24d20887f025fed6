// Writing on a ticket: to the requester, or a note among colleagues that looks different on purpose.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Mentions, Segmented } from 'antd'
import { Paperclip } from 'lucide-react'
import { useRef, useState } from 'react'
import { asProblem, call, newKey } from '../../api/client'
import { findPeople, ticketChanged, useMe } from '../../api/queries'
import type { Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { icon, IconButton } from '../../ui/bits'
import { remember, remembered, usePhone } from '../../ui/prefs'
import { CannedTexts } from './CannedTexts'
import './ticket.css'

type To = 'public' | 'internal'

export function Composer({ ticket, notes }: { ticket: Ticket; notes: boolean }) {
  const client = useQueryClient()
  const { user } = useMe()
  const { message } = App.useApp()
  const phone = usePhone()
  const draft = `draft.${user.username}.talk.${ticket.number}`
  const [to, setTo] = useState<To>('public')
  const [text, setText] = useState(() => remembered(draft) ?? '')
  const [busy, setBusy] = useState(false)
  const key = useRef({ key: newKey(), sent: '' })
  const picker = useRef<HTMLInputElement>(null)
  const [canned, setCanned] = useState(false)
  const [people, setPeople] = useState<{ value: string; label: string }[]>([])
  // Only colleagues call somebody in: a requester opens nothing to others.
  const ask = (q: string) => {
    if (!notes) return
    findPeople(q).then(
      (found) => setPeople(found.items.map((one) => ({ value: one.username, label: `${one.name} ${one.username}` }))),
      () => setPeople([]),
    )
  }
  const internal = notes && to === 'internal'
  const write = (next: string) => {
    setText(next)
    remember(draft, next || null)
  }
  const run = async (todo: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await todo()
      await ticketChanged(client, ticket.number)
    } catch (error) {
      const problem = asProblem(error)
      void message.error(problem.errors[0]?.detail ?? problem.message)
    } finally {
      setBusy(false)
    }
  }
  const send = () => {
    const body = { body: text.trim(), visibility: internal ? 'internal' : 'public' }
    if (!body.body || busy) return
    const sent = JSON.stringify(body)
    if (key.current.sent !== sent) key.current = { key: newKey(), sent }
    void run(async () => {
      await call('POST', `/tickets/${encodeURIComponent(ticket.number)}/comments`, { body, key: key.current.key })
      key.current = { key: newKey(), sent: '' }
      write('')
    })
  }
  const attach = (files: FileList | null) => {
    if (!files?.length) return
    void run(async () => {
      for (const file of files) {
        const form = new FormData()
        form.append('file', file)
        form.append('visibility', internal ? 'internal' : 'public')
        await call('POST', `/tickets/${encodeURIComponent(ticket.number)}/attachments`, { form, key: newKey() })
      }
    })
  }
  return (
    <div className="composer" data-internal={internal || undefined}>
      {notes && (
        <Segmented
          size={phone ? 'middle' : 'small'}
          aria-label={t('talk.to')}
          value={to}
          onChange={setTo}
          options={[
            { value: 'public', label: t('talk.public') },
            { value: 'internal', label: t('talk.internal') },
          ]}
        />
      )}
      <div className="composer-text">
        <Mentions
          prefix="@"
          placement="top"
          filterOption={false}
          notFoundContent={null}
          options={people}
          onSearch={ask}
          aria-label={internal ? t('talk.writeInternal') : t('talk.write')}
          placeholder={internal ? t('talk.writeInternal') : t('talk.write')}
          autoSize={{ minRows: 1, maxRows: 8 }}
          value={text}
          variant="borderless"
          maxLength={20_000}
          data-composer
          onChange={write}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
            if (notes && event.key === '/' && !text) {
              event.preventDefault()
              setCanned(true)
            }
          }}
        />
        <input ref={picker} type="file" hidden multiple onChange={(event) => { attach(event.target.files); event.target.value = '' }} />
        {notes && <CannedTexts number={ticket.number} written={text} insert={(said) => write(text ? `${text}\n${said}` : said)} open={canned} setOpen={setCanned} />}
        <IconButton label={t('form.addFile')} onClick={() => picker.current?.click()} disabled={busy}>
          <Paperclip {...icon} />
        </IconButton>
      </div>
      <Button loading={busy} disabled={!text.trim()} onClick={send} size={phone ? 'large' : undefined}>
        {internal ? t('do.note') : t('do.send')}
      </Button>
    </div>
  )
}
