// What belongs to a ticket elsewhere: linked tickets by kind, and the work that was done on it.
import { Link } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { X } from 'lucide-react'
import { asProblem } from '../../api/client'
import { ticketChanged } from '../../api/queries'
import type { Ticket } from '../../api/types'
import { unlink, useWorkLog } from '../../api/workspace'
import { t } from '../../i18n/t'
import { Empty, icon14, IconButton } from '../../ui/bits'
import { StatusShape } from '../../ui/shapes'
import { when } from '../../ui/time'
import { linkName } from './linkNames'

export function Related({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const may = (what: string) => ticket.may?.includes(what) ?? false
  const log = useWorkLog(ticket.number, may('comment_internally'))
  const cut = async (one: Ticket['links'][number]) => {
    try {
      await (one.outgoing ? unlink(ticket.number, one.number, one.kind) : unlink(one.number, ticket.number, one.kind))
      await ticketChanged(client, ticket.number)
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  return (
    <div className="col g12">
      <section className="card related">
        <h3>{t('ticket.links')}</h3>
        {!ticket.links.length && <p className="t13 ink3">{t('work.noLinks')}</p>}
        <ul>
          {ticket.links.map((one) => (
            <li key={one.kind + one.number + one.outgoing} className="row g8">
              <span className="cap related-kind">{linkName(one.kind, one.outgoing)}</span>
              <StatusShape category={one.category} />
              <Link to={`/work/${encodeURIComponent(one.number)}`}>{one.number}</Link>
              <span className="cut grow t13">{one.title}</span>
              {may('link') && (
                <IconButton label={t('work.unlink', { number: one.number })} onClick={() => void cut(one)}>
                  <X {...icon14} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      </section>
      {log.data && (
        <section className="card related">
          <h3 className="row apart">
            {t('work.log')} <span className="cap">{t('work.logSum', { n: log.data.minutes })}</span>
          </h3>
          {!log.data.entries.length && <Empty title={t('work.noLog')} />}
          <ul>
            {log.data.entries.map((one) => (
              <li key={one.id} className="row g8 t13">
                <b>{one.author_name}</b>
                <span>{t('work.logMinutes', { n: one.minutes })}</span>
                <span className="cut grow ink2">{one.note}</span>
                <time className="cap" dateTime={one.created_at}>
                  {when(one.created_at)}
                </time>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
