// While a new ticket's title is typed: open tickets that may be about the same.
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { useSimilar } from '../../api/workspace'
import { t } from '../../i18n/t'
import { Status } from '../../ui/shapes'
import './similar.css'

const PAUSE = 400 // ms after the last key

export function SimilarTickets({ title, asset, to = (number) => `/work/${encodeURIComponent(number)}` }: { title: string; asset?: string; to?: (number: string) => string }) {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(title.trim()), PAUSE)
    return () => clearTimeout(timer)
  }, [title])
  const found = useSimilar(asked, asset).data?.similar ?? []
  if (!found.length || asked.length < 4) return null
  return (
    <aside className="similar" aria-label={t('work.similar')} role="status">
      <b className="t13">{t('work.similar')}</b>
      <ul>
        {found.map((one) => (
          <li key={one.number} className="row g8">
            <Status of={one.status} />
            <Link to={to(one.number)} target="_blank">
              {one.number}
            </Link>
            <span className="cut grow t13">{one.title}</span>
          </li>
        ))}
      </ul>
    </aside>
  )
}
