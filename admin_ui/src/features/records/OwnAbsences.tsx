// One's own absences and who stands in, on the page that belongs to the person.
import { Button } from 'antd'
import { useState } from 'react'
import { useRecords, type RecordRow } from '../../api/records'
import { useMe } from '../../api/queries'
import { t } from '../../i18n/t'
import { Name } from '../../ui/bits'
import { shortWhen } from '../../ui/time'
import { EditRecord } from './EditRecord'
import { KINDS, type Choice } from './kinds'
import './records.css'

export function OwnAbsences() {
  const { user } = useMe()
  const { data } = useRecords('absences', { username: user.username }, 10)
  const [editing, setEditing] = useState<{ of: RecordRow | null } | null>(null)
  const rows = data?.pages[0]?.items ?? []
  return (
    <section className="card p16 col g12" aria-label={t('records.ownAbsences')}>
      <div className="row apart g12">
        <h2>{t('records.ownAbsences')}</h2>
        <Button onClick={() => setEditing({ of: null })}>{t('records.new.absence')}</Button>
      </div>
      {!rows.length && <span className="cap">{t('records.noAbsences')}</span>}
      {rows.map((row) => (
        <button type="button" className="own-absence" key={row.id as string} onClick={() => setEditing({ of: row })}>
          <span>
            {t(`records.choice.${row.kind as Choice}`)} {shortWhen(row.starts_at as string)} – {shortWhen(row.ends_at as string)}
          </span>
          {row.deputy ? (
            <span className="cap">
              {t('records.part.deputy')} <Name of={row.deputy as string} />
            </span>
          ) : null}
        </button>
      ))}
      {editing && <EditRecord kind={KINDS.absences} of={editing.of} fixed={{ username: user.username }} history={false} close={() => setEditing(null)} />}
    </section>
  )
}
