// A table of rows; on a phone each row is a card.
import { Button } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import type { FieldDoc, Values } from '../../api/types'
import { t, words } from '../../i18n/t'
import { icon, icon14, IconButton } from '../../ui/bits'
import type { Errors } from '../check'
import { Control } from '../Control'
import type { FieldState, States } from '../logic'
import { amount } from '../ValueView'
import type { ControlProps } from './props'

const USUAL: FieldState = { shown: true, required: false, readOnly: false, options: [] }

interface Props extends ControlProps {
  rows: States[]
  errors: Errors
}

export function Rows(props: Props) {
  const { field, id, labelId, describedBy, onChange, phone, rows: states, errors, state } = props
  const rows = (props.value as Values[] | null) ?? []
  const columns = field.columns ?? []
  const editable = !state.readOnly
  const change = (place: number, key: string, value: unknown) => onChange(rows.map((row, at) => (at === place ? { ...row, [key]: value } : row)))
  const remove = (place: number) => onChange(rows.filter((_, at) => at !== place))
  const add = () => onChange([...rows, {}])
  const full = rows.length >= (field.max_rows ?? 100)
  const stateOf = (place: number, column: FieldDoc) => states[place]?.[column.key] ?? { ...USUAL, options: Array.isArray(column.options) ? column.options : [] }

  const cell = (column: FieldDoc, place: number) => {
    const cellState = stateOf(place, column)
    if (!cellState.shown) return null
    const wrong = errors[`${field.key}/${place}/${column.key}`]
    const cellId = `${id}-${place}-${column.key}`
    return (
      <>
        <span id={cellId + '-label'} className="unseen">{`${words(column.label)}, ${t('form.row', { n: place + 1 })}`}</span>
        <Control
          field={column}
          state={{ ...cellState, readOnly: cellState.readOnly || !editable }}
          id={cellId}
          labelId={cellId + '-label'}
          value={rows[place]?.[column.key]}
          onChange={(value) => change(place, column.key, value)}
          invalid={!!wrong}
          describedBy={wrong ? cellId + '-error' : undefined}
          phone={phone}
          dense
        />
        {wrong && (
          <span id={cellId + '-error'} className="field-error">
            {wrong}
          </span>
        )}
      </>
    )
  }
  const totals = columns.filter((column) => column.kind === 'money' || column.kind === 'number' || (column.kind === 'computed' && rows.some((row) => typeof row[column.key] === 'number')))
  const summary = (
    <span className="cap">
      {t('form.rows', { n: rows.length })}
      {rows.length > 0 &&
        totals.map((column) => (
          <span key={column.key}>
            {` · ${words(column.label)} ${t('form.total')} `}
            <b className="ink">{amount(column, rows.reduce((sum, row) => sum + (Number(row[column.key]) || 0), 0))}</b>
          </span>
        ))}
    </span>
  )

  if (phone)
    return (
      <div className="col g8" id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy}>
        {rows.map((_, place) => (
          <div key={place} className="card row-card" role="group" aria-label={t('form.row', { n: place + 1 })}>
            <div className="row apart">
              <b className="t13">{t('form.row', { n: place + 1 })}</b>
              {editable && (
                <IconButton label={t('form.removeRow', { n: place + 1 })} onClick={() => remove(place)}>
                  <Trash2 {...icon} />
                </IconButton>
              )}
            </div>
            {columns.map((column) => (
              <div key={column.key} className="col g4">
                <span className="t12 ink2" aria-hidden>
                  {words(column.label)}
                </span>
                {cell(column, place)}
              </div>
            ))}
          </div>
        ))}
        {editable && !full && (
          <Button size="large" type="dashed" icon={<Plus {...icon} />} onClick={add}>
            {t('form.addRow')}
          </Button>
        )}
        {summary}
      </div>
    )
  return (
    <div className="rows" id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy}>
      <div className="rows-scroll">
        <table className="table">
          <thead>
            <tr>
              <th style={{ width: 36 }}>#</th>
              {columns.map((column) => (
                <th key={column.key}>
                  {words(column.label)}
                  {column.required === true && <span className="must"> *</span>}
                </th>
              ))}
              {editable && (
                <th style={{ width: 44 }}>
                  <span className="unseen">{t('form.rowActions')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((_, place) => (
              <tr key={place}>
                <td className="ink3">{place + 1}</td>
                {columns.map((column) => (
                  <td key={column.key} className="rows-cell">
                    {cell(column, place)}
                  </td>
                ))}
                {editable && (
                  <td className="rows-cell">
                    <IconButton label={t('form.removeRow', { n: place + 1 })} onClick={() => remove(place)}>
                      <Trash2 {...icon} />
                    </IconButton>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row apart rows-foot">
        {editable && !full ? (
          <Button type="text" size="small" icon={<Plus {...icon14} />} onClick={add}>
            {t('form.addRow')}
          </Button>
        ) : (
          <span />
        )}
        {summary}
      </div>
    </div>
  )
}
