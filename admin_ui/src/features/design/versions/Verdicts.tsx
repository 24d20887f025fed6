// What would become of each ticket, those with a reason to look first.
import { Segmented } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Look } from '../../../api/versions'
import { t } from '../../../i18n/t'
import { Chip } from '../../../ui/bits'
import type { Part } from './elements'
import { called } from './Mapping'
import { verdicts, type Verdict } from './moving'

const TONES = { fits: 'teal', needs_mapping: 'amber', blocked: 'red' } as const
const ORDER: Verdict[] = ['blocked', 'needs_mapping', 'fits']
const SHOWN = 100

export function Verdicts({ looks, total, parts, pick }: { looks: Look[]; total: number; parts: Map<string, Part>; pick: (element: string) => void }) {
  const [wanted, setWanted] = useState<Verdict | 'all'>('all')
  const n = verdicts(looks)
  const sorted = [...looks].sort((a, b) => ORDER.indexOf(a.verdict as Verdict) - ORDER.indexOf(b.verdict as Verdict))
  const shown = sorted.filter(({ verdict }) => wanted === 'all' || verdict === wanted)
  return (
    <section aria-label={t('versions.preview')}>
      <h3 className="changes-document">{t('versions.preview')}</h3>
      <div className="verdict-filter">
        <Segmented
          size="small"
          aria-label={t('versions.preview')}
          value={wanted}
          onChange={setWanted}
          options={[
            { value: 'all' as const, label: t('versions.all', { n: looks.length }) },
            ...(['fits', 'needs_mapping', 'blocked'] as const).map((value) => ({ value, label: `${t(`versions.verdict.${value}`)} ${n[value]}` })),
          ]}
        />
      </div>
      <ul data-verdicts>
        {shown.slice(0, SHOWN).map((look) => (
          <li key={look.number} className="verdict">
            <span className="row g8">
              <Link className="t13" to={`/work/${encodeURIComponent(look.number)}`}>
                {look.number}
              </Link>
              <span className="cap cut grow">
                {look.elements.map((element) => (
                  <button key={element} type="button" className="plain" onClick={() => pick(element)}>
                    {called(parts.get(element), element)}
                  </button>
                ))}
              </span>
              <Chip tone={TONES[look.verdict as Verdict]}>{t(`versions.verdict.${look.verdict as Verdict}`)}</Chip>
            </span>
            {look.problems.map((problem, place) => (
              <span key={place} className="t12 ink2">
                {problem.text}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {(shown.length > SHOWN || looks.length < total) && <p className="cap mapping-how">{t('versions.firstOnly', { n: Math.min(SHOWN, shown.length), total: wanted === 'all' ? total : shown.length })}</p>}
    </section>
  )
}
