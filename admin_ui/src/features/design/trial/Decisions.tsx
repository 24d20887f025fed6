// Each decision that was asked: what went in, which row hit, what came out.
import { tablesIn, type Trial } from '../../../api/trials'
import { t } from '../../../i18n/t'
import type { Part } from '../versions/elements'

export function Decisions({ of, parts }: { of: Trial['decisions']; parts: Map<string, Part> }) {
  if (!of.length) return null
  return (
    <section className="trial-part" aria-label={t('tryIt.rules')}>
      <h2>{t('tryIt.rules')}</h2>
      <ul className="col g12">
        {of.map((one, place) => {
          const tables = tablesIn(one.trace)
          return (
            <li key={place} className="col g4 t13">
              <b>{tables.at(-1)?.decision || parts.get(one.decision)?.name || one.decision}</b>
              {tables.map((table, at) => (
                <div key={at} className="col g4">
                  <span className="ink2 prose">{table.inputs.map(({ input, value }) => t('tryIt.input', { input, value: shown(value) })).join(t('list.comma'))}</span>
                  <span className="row g4 wrap" role="img" aria-label={table.matched.length ? t('tryIt.hit', { rows: table.matched.join(t('list.comma')), n: table.rules.length }) : t('tryIt.noHit', { n: table.rules.length })}>
                    {table.rules.slice(0, 40).map(({ rule, hit }) => (
                      <i key={rule} className="trial-rule" data-hit={hit || undefined}>
                        {rule}
                      </i>
                    ))}
                  </span>
                  <span>{table.matched.length ? t('tryIt.hit', { rows: table.matched.join(t('list.comma')), n: table.rules.length }) : t('tryIt.noHit', { n: table.rules.length })}</span>
                </div>
              ))}
              <span className="ink2 prose">{t('tryIt.result', { value: shown(one.outputs) })}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** A value as people write it: texts bare, several with their names. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return t('state.blank')
  if (Array.isArray(value)) return value.map(shown).join(t('list.comma'))
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => t('tryIt.input', { input: name, value: shown(one) }))
      .join(t('list.comma'))
  return String(value)
}
