// Two versions: old above new in one colour language, every change in words, what becomes of running tickets.
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { useMe, useVersion } from '../../../api/queries'
import type { ProcessVersion } from '../../../api/types'
import { useDiff } from '../../../api/versions'
import Pair from '../../../bpmn/Pair'
import { t } from '../../../i18n/t'
import { Empty, Failed, Loading, Name } from '../../../ui/bits'
import { when } from '../../../ui/time'
import { badgesOf, counted, documents, tintsOf } from './changes'
import { partsOf } from './elements'

export default function Compare({ typeKey, from, to, versions }: { typeKey: string; from: number; to: number; versions: ProcessVersion[] }) {
  const old = useVersion(typeKey, from)
  const now = useVersion(typeKey, to)
  const diff = useDiff(typeKey, from, to)
  const { permissions } = useMe()
  const navigate = useNavigate()
  const [picked, setPicked] = useState<string | null>(null)
  const before = useMemo(() => partsOf(old.data?.bpmn), [old.data])
  const after = useMemo(() => partsOf(now.data?.bpmn), [now.data])
  const sides = useMemo(() => {
    const changes = diff.data?.changes ?? []
    const one = tintsOf(changes, 'before')
    const other = tintsOf(changes, 'after')
    return { before: { tints: one, badges: badgesOf(one, changes, before) }, after: { tints: other, badges: badgesOf(other, changes, after) } }
  }, [diff.data, before, after])
  const error = old.error ?? now.error ?? diff.error
  if (error) return <Failed error={error} again={() => void Promise.all([old.refetch(), now.refetch(), diff.refetch()])} />
  if (!old.data?.bpmn || !now.data?.bpmn || !diff.data) return <Loading />
  const all = documents(diff.data.changes, before, after)
  const n = counted(all)
  const running = versions.find((one) => one.version === from)?.running ?? 0
  return (
    <div className="versions">
      <section className="versions-main" aria-label={t('versions.compare')}>
        <Pair
          before={{ xml: old.data.bpmn, label: `v${from}`, head: <Head of={old.data} />, picked, onPick: setPicked, ...sides.before }}
          after={{ xml: now.data.bpmn, label: `v${to}`, head: <Head of={now.data} />, picked, onPick: setPicked, ...sides.after }}
          legend={
            <>
              <span className="tone-teal fg">{t('versions.mark.added')}</span>
              <span className="tone-red fg">{t('versions.mark.removed')}</span>
              <span className="tone-amber fg">{t('versions.mark.changed')}</span>
            </>
          }
        />
      </section>
      <aside className="versions-side changes" tabIndex={0} role="region" aria-label={t('versions.whatChanged')}>
        <header className="changes-head">
          <h2>{t('versions.whatChanged')}</h2>
          <span className="row g12 t13">
            <span className="tone-teal fg">{t('versions.n.added', { n: n.added })}</span>
            <span className="tone-red fg">{t('versions.n.removed', { n: n.removed })}</span>
            <span className="tone-amber fg">{t('versions.n.changed', { n: n.changed })}</span>
          </span>
        </header>
        <div className="changes-list">
          {!all.length && <Empty title={t('versions.same')} />}
          {all.map((document) => (
            <section key={document.path} aria-label={document.title}>
              <h3 className="changes-document">{document.title}</h3>
              <ul>
                {document.things.map((thing) => (
                  <li key={thing.element}>
                    <button type="button" className="change" aria-pressed={picked === thing.element} onClick={() => setPicked(thing.element)}>
                      <span className={`change-mark tone ${TONES[thing.kind]}`}>{t(`versions.sign.${thing.kind}`)}</span>
                      <span className="col grow">
                        <b>{thing.title}</b>
                        {thing.lines.map((line, place) => (
                          <span key={place} className="ink2 prose">
                            {line}
                          </span>
                        ))}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        <footer className="changes-foot col g8 t13">
          <span>{running ? t('versions.stay', { n: running, version: from }) : t('versions.noneRunning', { version: from })}</span>
          {running > 0 && permissions.includes('migrate') && (
            <Button onClick={() => void navigate({ search: new URLSearchParams({ from: String(from), to: String(to), move: '' }).toString() })}>{t('versions.moveTo', { n: running, version: to })}</Button>
          )}
        </footer>
      </aside>
    </div>
  )
}

const TONES = { added: 'tone-teal', removed: 'tone-red', changed: 'tone-amber' } as const

export const Head = ({ of }: { of: ProcessVersion }) => (
  <>
    <b>{`v${of.version}`}</b>
    <span className="ink2">
      <Name of={of.deployed_by} /> · {when(of.deployed_at)}
    </span>
  </>
)
