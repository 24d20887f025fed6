// How many tickets run on each version; one of them may be looked at alone.
import { Link } from 'react-router'
import type { ProcessVersion } from '../../api/types'
import { t } from '../../i18n/t'

interface Props {
  typeKey: string
  versions: ProcessVersion[]
  on: number | undefined
  choose: (version: number | undefined) => void
}

export function OnVersions({ typeKey, versions, on, choose }: Props) {
  const used = versions.filter((one, place) => one.running || !place || one.version === on)
  const most = Math.max(1, ...used.map((one) => one.running))
  return (
    <section className="side-part" aria-label={t('versions.title')}>
      <h2>{t('versions.title')}</h2>
      <ul className="col g2">
        {used.map((one) => (
          <li key={one.version}>
            <button type="button" className="on-version" aria-pressed={one.version === on} onClick={() => choose(one.version === on ? undefined : one.version)}>
              <span>{`v${one.version}`}</span>
              <span className="version-bar" aria-hidden>
                <i style={{ width: `${(100 * one.running) / most}%` }} />
              </span>
              <span>{t('versions.running', { n: one.running })}</span>
            </button>
          </li>
        ))}
      </ul>
      <Link className="ant-link-button" to={`/design/${encodeURIComponent(typeKey)}/versions`}>
        {t('versions.at.manage')}
      </Link>
    </section>
  )
}
