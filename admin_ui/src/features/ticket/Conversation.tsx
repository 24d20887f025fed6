// What was said on a ticket, its files, and the turns it took, in the order of time.
import { Lock } from 'lucide-react'
import { fileUrl } from '../../api/client'
import { useComments, useFiles, useHistory, useMe } from '../../api/queries'
import type { Comment, HistoryItem, StoredFile, Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { FileLine } from '../../form/controls/files'
import { noteFiles } from '../../form/files'
import { Avatar, Chip, Failed, Loading } from '../../ui/bits'
import { when } from '../../ui/time'
import { sentence, type Names } from './sentences'
import { useNames } from './useNames'

// The turns worth a line between the messages; the history tab has them all.
const TURNS = new Set(['task_completed', 'task_assigned', 'task_claimed', 'status_changed', 'priority_changed', 'timer_fired', 'message_received', 'process_incident_opened', 'merged_into', 'merged_from'])

type Entry = { at: string; order: number } & ({ comment: Comment } | { file: StoredFile } | { fact: HistoryItem })

export function Conversation({ ticket, turns = true }: { ticket: Ticket; turns?: boolean }) {
  const comments = useComments(ticket.number)
  const files = useFiles(ticket.number)
  const history = useHistory(ticket.number, turns)
  const names = useNames(ticket, history.data?.items)
  if (comments.error) return <Failed error={comments.error} again={() => void comments.refetch()} />
  if (!comments.data) return <Loading />
  noteFiles(files.data?.items ?? [])
  const inAnswers = new Set(Object.values(ticket.values).flat().filter((one): one is string => typeof one === 'string'))
  const entries: Entry[] = [
    ...comments.data.items.map((comment) => ({ at: comment.created_at, order: 1, comment })),
    ...(files.data?.items ?? []).filter((file) => file.created_at && !inAnswers.has(file.id)).map((file) => ({ at: file.created_at!, order: 2, file })),
    ...(turns ? (history.data?.items ?? []).filter((fact) => TURNS.has(fact.kind)).map((fact) => ({ at: fact.at, order: 0, fact })) : []),
  ].sort((a, b) => a.at.localeCompare(b.at) || a.order - b.order)
  if (!entries.length) return <p className="t13 ink3 nothing-said">{t('talk.none')}</p>
  return (
    <div className="talk" role="log" aria-label={t('tab.talk')}>
      {entries.map((entry) =>
        'comment' in entry ? (
          <Message key={'c' + entry.comment.id} of={entry.comment} ticket={ticket} names={names} />
        ) : 'file' in entry ? (
          <FileEntry key={'f' + entry.file.id} of={entry.file} names={names} />
        ) : (
          <div key={'h' + entry.fact.seq} className="turn cap">
            <i />
            <span className="grow">
              <b>{names.person(entry.fact.actor)}</b> {sentence(entry.fact, names)}
            </span>
            <time dateTime={entry.at}>{when(entry.at)}</time>
          </div>
        ),
      )}
    </div>
  )
}

function Head({ who, author, ticketRequester, internal, at }: { who: string; author: string; ticketRequester?: string; internal: boolean; at: string }) {
  const { user } = useMe()
  return (
    <span className="row g8 wrap">
      <b className="t13">{who}</b>
      {author === ticketRequester && <span className="cap">{author === user.username ? t('person.you') : t('person.requester')}</span>}
      {internal && (
        <Chip tone="amber">
          <Lock size={12} aria-hidden />
          {t('talk.internalOnly')}
        </Chip>
      )}
      <span className="grow" />
      <time className="cap" dateTime={at}>
        {when(at)}
      </time>
    </span>
  )
}

function Message({ of, ticket, names }: { of: Comment; ticket: Ticket; names: Names }) {
  const who = of.author_name ?? names.person(of.author)
  const internal = of.visibility === 'internal'
  return (
    <article className="message">
      <Avatar name={who} size={26} />
      <div className="col grow g4">
        <Head who={who} author={of.author} ticketRequester={ticket.requester} internal={internal} at={of.created_at} />
        <div className={internal ? 'message-body internal prose' : 'message-body prose'}>{of.body}</div>
      </div>
    </article>
  )
}

function FileEntry({ of, names }: { of: StoredFile; names: Names }) {
  const who = names.person(of.uploaded_by ?? '')
  return (
    <article className="message">
      <Avatar name={who || '·'} size={26} />
      <div className="col grow g4">
        <Head who={who} author={of.uploaded_by ?? ''} internal={of.visibility === 'internal'} at={of.created_at ?? ''} />
        {of.type.startsWith('image/') && of.type !== 'image/svg+xml' ? (
          <a className="photo" href={fileUrl(of.id)} target="_blank" rel="noreferrer">
            <img src={fileUrl(of.id)} alt={of.name} loading="lazy" />
          </a>
        ) : (
          <FileLine id={of.id} />
        )}
      </div>
    </article>
  )
}
