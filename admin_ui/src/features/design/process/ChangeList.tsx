// What a version changes, in words and by document.
import { useMemo } from 'react'
import type { Change } from '../../../api/versions'
import { t } from '../../../i18n/t'
import { counted, documents } from '../versions/changes'
import { partsOf } from '../versions/elements'

const TONES = { added: 'tone-teal', removed: 'tone-red', changed: 'tone-amber' } as const

interface Props {
  of: Change[]
  before?: string // the diagrams as they were drawn, for the names of their steps
  after?: string
}

export function ChangeList({ of, before, after }: Props) {
  const all = useMemo(() => documents(of, partsOf(before), partsOf(after)), [of, before, after])
  const n = counted(all)
  if (!all.length) return <p className="t13 ink3">{t('designer.noChanges')}</p>
  return (
    <div className="col g12">
      <span className="row g12 t13">
        <span className="tone-teal fg">{t('versions.n.added', { n: n.added })}</span>
        <span className="tone-red fg">{t('versions.n.removed', { n: n.removed })}</span>
        <span className="tone-amber fg">{t('versions.n.changed', { n: n.changed })}</span>
      </span>
      {all.map((document) => (
        <section key={document.path} className="col g6" aria-label={document.title}>
          <h3 className="t13">{document.title}</h3>
          <ul className="col g6">
            {document.things.map((thing) => (
              <li key={thing.element} className="row top g8 t13">
                <span className={`change-mark tone ${TONES[thing.kind]}`}>{t(`versions.sign.${thing.kind}`)}</span>
                <span className="col grow">
                  <b>{thing.title}</b>
                  {thing.lines.map((line, place) => (
                    <span key={place} className="ink2 prose">
                      {line}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
