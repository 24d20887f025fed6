// Tickets that are written and not yet sent: what they wait for, and what the server had against them.
import { Button, Popconfirm } from 'antd'
import { CloudOff, TriangleAlert } from 'lucide-react'
import { newKey } from '../../api/client'
import { takeBack, useOutbox, type Letter } from '../../api/outbox'
import { useMe } from '../../api/queries'
import { keepWaiting } from '../../form/waiting'
import { t, words } from '../../i18n/t'
import { icon } from '../../ui/bits'
import { remember } from '../../ui/prefs'
import { when } from '../../ui/time'

export function Outbox() {
  const { user } = useMe()
  const mine = useOutbox().filter((letter) => letter.user === user.username)
  if (!mine.length) return null
  return (
    <section className="card outbox" aria-label={t('portal.outbox')} role="status">
      {mine.map((letter) => (
        <Waiting key={letter.id} letter={letter} />
      ))}
    </section>
  )
}

function Waiting({ letter }: { letter: Letter }) {
  const Icon = letter.refused ? TriangleAlert : CloudOff
  const change = async () => {
    await toDraft(letter)
    location.assign(`/p/new/${encodeURIComponent(letter.type)}`) // anew, even from that very page
  }
  return (
    <div className={`outbox-letter ${letter.refused ? 'tone-red' : 'tone-amber'}`} data-letter={letter.refused ? 'refused' : 'waiting'}>
      <Icon {...icon} color="var(--fg)" />
      <span className="col grow">
        <b className="cut">{letter.body.title || words(letter.name)}</b>
        <span className="t13 fg">{letter.refused ? t('portal.refused', { why: letter.refused }) : t('portal.waits')}</span>
        <span className="cap">
          {words(letter.name)} · {when(letter.at)}
          {letter.files.length > 0 && ` · ${t('portal.files', { n: letter.files.length })}`}
        </span>
      </span>
      {letter.refused && (
        <span className="row g8">
          <Popconfirm title={t('portal.discardLetter')} okText={t('new.discard')} cancelText={t('do.cancel')} onConfirm={() => void takeBack(letter.id)}>
            <Button type="text">{t('new.discard')}</Button>
          </Popconfirm>
          <Button onClick={() => void change()}>{t('portal.change')}</Button>
        </span>
      )}
    </div>
  )
}

/** Makes a draft of a refused ticket again, its files too. */
async function toDraft({ id, draft, body, files }: Letter): Promise<void> {
  const values = { title: body.title, ...body.values }
  remember('draft.' + draft, JSON.stringify({ values, key: newKey(), sent: '', at: new Date().toISOString() }))
  for (const { field, file } of files) await keepWaiting({ id: newKey(), place: `${draft}/${field}`, file })
  await takeBack(id)
}
