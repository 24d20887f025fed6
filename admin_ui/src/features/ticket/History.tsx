// Every fact about a ticket, in order, in sentences.
import { useHistory } from '../../api/queries'
import type { Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { Failed, Loading } from '../../ui/bits'
import { when } from '../../ui/time'
import { sentence } from './sentences'
import { useNames } from './useNames'

export function History({ ticket, most }: { ticket: Ticket; most?: number }) {
  const { data, error, refetch } = useHistory(ticket.number)
  const facts = data?.items
  const names = useNames(ticket, facts)
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!facts) return <Loading />
  const newest = [...facts].reverse()
  return (
    <ol className="history">
      {newest.slice(0, most).map((fact) => (
        <li key={fact.seq}>
          <time className="cap" dateTime={fact.at}>
            {when(fact.at)}
          </time>
          <b className="cut">{names.person(fact.actor)}</b>
          <span className="prose">{sentence(fact, names)}</span>
        </li>
      ))}
      {!newest.length && <li>{t('history.none')}</li>}
    </ol>
  )
}
