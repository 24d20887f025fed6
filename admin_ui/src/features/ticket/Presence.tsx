// Who else has the ticket open; the page says every few seconds that it does, and which version it showed.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { look, type Doing, type Looker } from '../../api/workspace'
import type { Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { Avatar, Chip } from '../../ui/bits'

const BEAT = 20_000

export function Presence({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const [others, setOthers] = useState<Looker[]>([])
  const rev = useRef(ticket.rev)
  rev.current = ticket.rev
  const { number } = ticket
  useEffect(() => {
    let doing: Doing = 'reading'
    const tell = () => {
      if (document.hidden) return
      const writing = document.activeElement?.matches('[data-composer], .step-form *') ?? false
      doing = writing ? 'writing' : 'reading'
      look(number, rev.current, doing).then(
        (found) => setOthers(found.others),
        () => setOthers([]), // nobody needs to be told that nobody could be told
      )
    }
    tell()
    const timer = setInterval(tell, BEAT)
    const heard = (event: Event) => (event as CustomEvent<string>).detail === number && tell()
    const focused = (event: FocusEvent) => (event.target as HTMLElement).matches('[data-composer]') && doing !== 'writing' && tell()
    addEventListener('banjie-presence', heard)
    addEventListener('focusin', focused)
    return () => {
      clearInterval(timer)
      removeEventListener('banjie-presence', heard)
      removeEventListener('focusin', focused)
      look(number, rev.current, 'gone').catch(() => undefined)
    }
  }, [number])
  useEffect(() => {
    look(number, ticket.rev, 'reading').then(
      () => client.invalidateQueries({ queryKey: ['seen'] }),
      () => undefined,
    )
  }, [client, number, ticket.rev])
  if (!others.length) return null
  return (
    <div className="presence" role="status">
      {others.map((one) => (
        <Chip key={one.username} tone={one.doing === 'writing' ? 'amber' : 'neutral'}>
          <Avatar name={one.name} size={16} />
          {t(one.doing === 'writing' ? 'work.writing' : 'work.looking', { who: one.name })}
        </Chip>
      ))}
    </div>
  )
}
