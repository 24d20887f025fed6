// The columns of a table: each is a field of its own, opened one at a time.
import { Select } from 'antd'
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { FieldDoc } from '../../../api/types'
import { known, t, words } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { changed } from './document'
import { FieldTab } from './FieldTab'
import { COLUMN_KINDS, freshField } from './kinds'
import { LogicTab } from './LogicTab'
import { namedIn } from './names'

export function ColumnsEditor({ table, onChange }: { table: FieldDoc; onChange: (columns: FieldDoc[]) => void }) {
  const columns = table.columns ?? []
  const [open, setOpen] = useState<number | null>(null)
  const put = (at: number, settings: Partial<FieldDoc>) => onChange(columns.map((one, place) => (place === at ? changed(one, settings) : one)))
  const swap = (at: number, other: number) => onChange(columns.map((one, place) => (place === at ? columns[other]! : place === other ? columns[at]! : one)))
  return (
    <div className="col g6" data-setting="columns">
      <span className="fd-label">{t('formDesigner.columns')}</span>
      {columns.map((column, at) => {
        const name = words(column.label) || column.key
        return (
          <div key={at} className="fd-column">
            <div className="row g4">
              <button type="button" className="plain row g4 grow" aria-expanded={open === at} onClick={() => setOpen(open === at ? null : at)}>
                {open === at ? <ChevronDown {...icon14} /> : <ChevronRight {...icon14} />}
                <span className="cut t13">{name}</span>
                <span className="cap fix">{known(`formDesigner.kind.${column.kind}`)}</span>
              </button>
              <IconButton label={t('formDesigner.columnUp', { name })} disabled={at === 0} onClick={() => swap(at, at - 1)}>
                <ArrowUp {...icon14} />
              </IconButton>
              <IconButton label={t('formDesigner.columnDown', { name })} disabled={at === columns.length - 1} onClick={() => swap(at, at + 1)}>
                <ArrowDown {...icon14} />
              </IconButton>
              <IconButton label={t('formDesigner.columnRemove', { name })} disabled={columns.length === 1} onClick={() => onChange(columns.filter((_, place) => place !== at))}>
                <Trash2 {...icon14} />
              </IconButton>
            </div>
            {open === at && (
              <div className="col g16 fd-column-open">
                <FieldTab field={column} taken={columns.filter((one) => one !== column).map((one) => one.key)} change={(settings) => put(at, settings)} rename={(key) => put(at, { key })} />
                <LogicTab field={column} others={columns.filter((one) => one !== column)} change={(settings) => put(at, settings)} />
              </div>
            )}
          </div>
        )
      })}
      <Select
        size="small"
        aria-label={t('formDesigner.addColumn')}
        placeholder={t('formDesigner.addColumn')}
        suffixIcon={<Plus {...icon14} />}
        value={null}
        onChange={(kind: string | null) => kind && onChange([...columns, freshField(kind, columns, namedIn)])}
        options={COLUMN_KINDS.map((kind) => ({ value: kind, label: known(`formDesigner.kind.${kind}`) ?? kind }))}
      />
    </div>
  )
}
