// The parts of a ticket type, a page each.
import { Link } from 'react-router'
import { useDraft } from '../../api/drafts'
import { t } from '../../i18n/t'
import './process/process.css'

const PARTS = ['process', 'forms', 'rules', 'sla', 'versions'] as const
export type TypePart = (typeof PARTS)[number]

export function TypeTabs({ typeKey, on }: { typeKey: string; on: TypePart }) {
  const draft = useDraft(typeKey)
  const first = (folder: string, ending: string) => draft.data?.files.find((file) => file.path.startsWith(folder + '/') && file.path.endsWith(ending))?.path.slice(folder.length + 1, -ending.length)
  const base = `/design/${encodeURIComponent(typeKey)}`
  const form = first('forms', '.json')
  const places: Record<TypePart, string | null> = {
    process: base,
    forms: form ? `${base}/forms/${encodeURIComponent(form)}` : null,
    rules: draft.data ? `${base}/rules` : null,
    sla: draft.data ? `${base}/sla` : null,
    versions: `${base}/versions`,
  }
  return (
    <nav className="pd-tabs" aria-label={t('designer.parts')}>
      {PARTS.map((one) => {
        const to = places[one]
        return to && <Link key={one} to={to} aria-current={one === on ? 'page' : undefined}>{t(`designer.part.${one}`)}</Link>
      })}
    </nav>
  )
}
