// Canned texts in the composer: choose one, keep what was written as one, throw one away.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Popover, Select } from 'antd'
import { MessageSquareText, X } from 'lucide-react'
import { useState } from 'react'
import { asProblem } from '../../api/client'
import { useMe } from '../../api/queries'
import { dropText, keepText, textsKey, useFilledTexts, useTexts } from '../../api/workspace'
import { t } from '../../i18n/t'
import { icon, icon14, IconButton } from '../../ui/bits'

interface Props {
  number: string
  written: string
  insert: (text: string) => void
  open: boolean
  setOpen: (open: boolean) => void
}

export function CannedTexts({ number, written, insert, open, setOpen }: Props) {
  return (
    <Popover trigger="click" placement="topRight" open={open} onOpenChange={setOpen} destroyOnHidden content={<Inside number={number} written={written} insert={insert} close={() => setOpen(false)} />}>
      <IconButton label={t('canned.title')}>
        <MessageSquareText {...icon} />
      </IconButton>
    </Popover>
  )
}

function Inside({ number, written, insert, close }: Omit<Props, 'open' | 'setOpen'> & { close: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { user } = useMe()
  const filled = useFilledTexts(number, true).data?.texts
  const kept = useTexts(true).data?.items
  const [name, setName] = useState('')
  const [shared, setShared] = useState('')
  const mine = new Set(kept?.filter((one) => one.mine).map((one) => one.id))
  const run = async (todo: () => Promise<unknown>) => {
    try {
      await todo()
      await Promise.all([textsKey, ['ticket', number, 'canned-texts']].map((queryKey) => client.invalidateQueries({ queryKey })))
      setName('')
    } catch (error) {
      const problem = asProblem(error)
      void message.error(problem.errors[0]?.detail ?? problem.message)
    }
  }
  return (
    <div className="canned">
      <ul aria-label={t('canned.title')}>
        {filled?.map((one) => (
          <li key={one.id} className="row g4">
            <button
              type="button"
              className="plain grow"
              onClick={() => {
                insert(one.text)
                close()
              }}
            >
              <b className="t13">{one.name}</b>
              <span className="cap two-lines">{one.text}</span>
            </button>
            {mine.has(one.id) && (
              <IconButton label={t('canned.drop', { name: one.name })} onClick={() => void run(() => dropText(one.id))}>
                <X {...icon14} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {filled?.length === 0 && <p className="t13 ink3">{t('canned.none')}</p>}
      <form
        className="col g6"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() && written.trim()) void run(() => keepText({ name: name.trim(), body: written, shared: shared || null }))
        }}
      >
        <span className="cap">{t('canned.keepWhat')}</span>
        <Input size="small" aria-label={t('canned.name')} placeholder={t('canned.name')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <Select size="small" aria-label={t('work.shareWhom')} value={shared} onChange={setShared} options={[{ value: '', label: t('work.private') }, ...user.groups.map((key) => ({ value: 'group:' + key, label: t('work.shareWith', { who: key }) }))]} />
        <Button size="small" htmlType="submit" disabled={!name.trim() || !written.trim()}>
          {t('canned.keep')}
        </Button>
      </form>
    </div>
  )
}
