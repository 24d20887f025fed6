// The inbox: what is unread, all of it, and what the person wants to hear.
import { App, Button, Segmented } from 'antd'
import { BellOff, Check, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { asProblem } from '../../api/client'
import { useMarkAll, useMarkNotice, useNotices, useUnread, useWish, useWishes, type Notice } from '../../api/notices'
import { known, t } from '../../i18n/t'
import { Empty, Failed, icon14, Loading } from '../../ui/bits'
import { when } from '../../ui/time'
import './notify.css'
import { Wishes } from './Wishes'

type Shown = 'unread' | 'all' | 'wishes'

export function Notices({ ticketAt }: { ticketAt: (number: string) => string }) {
  const [shown, setShown] = useState<Shown>('unread')
  const unread = useUnread().data?.unread ?? 0
  const markAll = useMarkAll()
  return (
    <>
      <div className="row apart g8 notices-head">
        <Segmented<Shown>
          aria-label={t('notify.filter')}
          value={shown}
          onChange={setShown}
          options={(['unread', 'all', 'wishes'] as const).map((value) => ({ value, label: t(`notify.filter.${value}`) }))}
        />
        {shown !== 'wishes' && unread > 0 && (
          <Button loading={markAll.isPending} onClick={() => markAll.mutate()}>
            {t('notify.readAll')}
          </Button>
        )}
      </div>
      {shown === 'wishes' ? <Wishes /> : <List unread={shown === 'unread'} ticketAt={ticketAt} />}
    </>
  )
}

function List({ unread, ticketAt }: { unread: boolean; ticketAt: (number: string) => string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useNotices(unread)
  const items = data?.pages.flatMap((page) => page.items)
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!items) return <Loading />
  if (!items.length)
    return (
      <div className="card">
        <Empty title={t('notify.none')} text={t('notify.noneWhat')} />
      </div>
    )
  return (
    <>
      <ul className="card notice-list">
        {items.map((notice) => (
          <Row key={notice.id} notice={notice} to={ticketAt(notice.ticket)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('notify.more')}
        </Button>
      )}
    </>
  )
}

function Row({ notice, to }: { notice: Notice; to: string }) {
  const { message } = App.useApp()
  const mark = useMarkNotice()
  const wishes = useWishes().data
  const wish = useWish()
  const read = notice.read_at !== null
  const kind = known(`notify.kind.${notice.kind}`)
  const mute = async () => {
    try {
      await wish.mutateAsync({ muted: [...(wishes?.muted ?? []), notice.kind] })
      void message.success(t('notify.muted', { kind }))
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  return (
    <li className="notice" data-unread={!read || undefined}>
      <Link className="notice-link" to={to} onClick={() => !read && mark.mutate({ id: notice.id, read: true })}>
        <span className="notice-subject">{notice.subject}</span>
        {notice.text && <span className="notice-text">{notice.text}</span>}
        <span className="cap">
          {notice.ticket} · {when(notice.created_at)}
        </span>
      </Link>
      <Button
        type="text"
        className="notice-do"
        icon={read ? <Undo2 {...icon14} /> : <Check {...icon14} />}
        title={t(read ? 'notify.markUnread' : 'notify.markRead')}
        aria-label={t(read ? 'notify.markUnread' : 'notify.markRead')}
        onClick={() => mark.mutate({ id: notice.id, read: !read })}
      />
      {kind && wishes && !wishes.muted.includes(notice.kind) && (
        <Button type="text" className="notice-do" icon={<BellOff {...icon14} />} title={t('notify.mute')} aria-label={t('notify.mute')} onClick={() => void mute()} />
      )}
    </li>
  )
}
