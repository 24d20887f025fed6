// What a cell says, as chips and words; the text itself where pickers cannot say it.
import { Check, X } from 'lucide-react'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import type { Kind } from './fields'
import type { Column } from './table'
import { sayCell, sayResult } from './words'

const MOST = 6

export function CellView({ column, text, kind, hit }: { column: Column; text: string; kind: Kind; hit?: boolean }) {
  if (column.part === 'notes') return <span className="ru-remark">{text}</span>
  if (column.part === 'outputs') {
    const said = sayResult(text, kind)
    return said.text === null ? <span className="ink3">{t('rules.nothing')}</span> : <span className={said.raw ? 'ru-raw' : 'ru-result'}>{said.text}</span>
  }
  const said = sayCell(text, kind)
  return (
    <>
      {hit !== undefined && (hit ? <Check {...icon14} className="ru-hit" aria-hidden={false} aria-label={t('rules.cellHit')} /> : <X {...icon14} className="ru-miss" aria-hidden={false} aria-label={t('rules.cellMiss')} />)}
      {said.any && <span className="ink3">{t('rules.any')}</span>}
      {said.not && <span>{t('rules.not')}</span>}
      {said.chips.slice(0, MOST).map((chip, at) => (
        <span key={at} className={said.raw ? 'ru-raw' : 'ru-chip'}>
          {chip}
        </span>
      ))}
      {said.chips.length > MOST && <span className="cap">{t('rules.more', { n: said.chips.length - MOST })}</span>}
    </>
  )
}
