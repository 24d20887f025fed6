// A table of rows, by mouse and keyboard; long ones draw only what is in sight; on a phone each row is a card.
import { Button } from 'antd'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Copy, Plus, Trash2 } from 'lucide-react'
import { useRef, type KeyboardEvent } from 'react'
import type { FieldDoc, Values } from '../../api/types'
import { t, words } from '../../i18n/t'
import { icon, icon14, IconButton } from '../../ui/bits'
import type { Errors } from '../check'
import { Control } from '../Control'
import type { FieldState, States } from '../logic'
import { amount } from '../ValueView'
import type { ControlProps } from './props'

const USUAL: FieldState = { shown: true, required: false, readOnly: false, options: [] }
const ROW = 45
const CARD = 240
const OVERSCAN = 6
const LONG = 30 // from here on only what is in sight is drawn

interface Props extends ControlProps {
  rows: States[]
  errors: Errors
}

export default function Rows(props: Props) {
  const { field, id, labelId, describedBy, onChange, phone, rows: states, errors, state } = props
  const rows = (props.value as Values[] | null) ?? []
  const columns = field.columns ?? []
  const editable = !state.readOnly
  const full = rows.length >= (field.max_rows ?? 100)
  const view = useRef<HTMLDivElement>(null)
  const long = rows.length > LONG
  const virtual = useVirtualizer({ count: long ? rows.length : 0, getScrollElement: () => view.current, estimateSize: () => (phone ? CARD : ROW), overscan: OVERSCAN })
  const seen = long ? virtual.getVirtualItems() : rows.map((_, index) => ({ index, key: index, start: 0, end: 0 }))
  const before = long ? (seen[0]?.start ?? 0) : 0
  const after = long ? virtual.getTotalSize() - (seen.at(-1)?.end ?? 0) : 0

  const change = (place: number, key: string, value: unknown) => onChange(rows.map((row, at) => (at === place ? { ...row, [key]: value } : row)))
  const remove = (place: number) => onChange(rows.filter((_, at) => at !== place))
  const add = (row: Values = {}, place = rows.length) => {
    if (!full) onChange([...rows.slice(0, place), row, ...rows.slice(place)])
  }
  const copy = (place: number) => add({ ...rows[place] }, place + 1)
  const stateOf = (place: number, column: FieldDoc) => states[place]?.[column.key] ?? { ...USUAL, options: Array.isArray(column.options) ? column.options : [] }

  /** Puts the cursor into a cell, once it is drawn. */
  const go = (place: number, column: string) => {
    if (long) virtual.scrollToIndex(place)
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`${id}-${place}-${column}`)?.focus()))
  }
  const keys = (event: KeyboardEvent, place: number, column: string) => {
    const input = event.target as HTMLElement
    const free = input instanceof HTMLInputElement && input.getAttribute('aria-expanded') !== 'true'
    if (event.key === 'Enter' && free) {
      event.preventDefault()
      if (place === rows.length - 1 && editable) add()
      go(place + 1, column)
    } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      go(Math.min(rows.length - 1, Math.max(0, place + (event.key === 'ArrowDown' ? 1 : -1))), column)
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd' && editable) {
      event.preventDefault()
      copy(place)
      go(place + 1, column)
    }
  }

  const cell = (column: FieldDoc, place: number) => {
    const cellState = stateOf(place, column)
    if (!cellState.shown) return null
    const wrong = errors[`${field.key}/${place}/${column.key}`]
    const cellId = `${id}-${place}-${column.key}`
    return (
      <div onKeyDown={(event) => keys(event, place, column.key)}>
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
      </div>
    )
  }
  const tools = (place: number) =>
    editable && (
      <span className="row fix">
        <IconButton label={t('form.copyRow', { n: place + 1 })} disabled={full} onClick={() => copy(place)}>
          <Copy {...icon14} />
        </IconButton>
        <IconButton label={t('form.removeRow', { n: place + 1 })} onClick={() => remove(place)}>
          <Trash2 {...icon14} />
        </IconButton>
      </span>
    )
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
  const scrolls = long ? { ref: view, className: 'rows-view', tabIndex: 0, role: 'region', 'aria-label': t('form.allRows', { n: rows.length }) } : { ref: view }

  if (phone)
    return (
      <div className="col g8" id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy}>
        <div {...scrolls}>
          <div className="col g8" style={{ paddingTop: before, paddingBottom: after }}>
            {seen.map(({ index: place }) => (
              <div key={place} data-index={place} ref={long ? virtual.measureElement : undefined} className="card row-card" role="group" aria-label={t('form.row', { n: place + 1 })}>
                <div className="row apart">
                  <b className="t13">{t('form.row', { n: place + 1 })}</b>
                  {tools(place)}
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
          </div>
        </div>
        {editable && !full && (
          <Button size="large" type="dashed" icon={<Plus {...icon} />} onClick={() => add()}>
            {t('form.addRow')}
          </Button>
        )}
        {summary}
      </div>
    )
  const width = columns.length + (editable ? 2 : 1)
  return (
    <div className="rows" id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy}>
      <div {...scrolls}>
        <div className={long ? undefined : 'rows-scroll'}>
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
                  <th style={{ width: 72 }}>
                    <span className="unseen">{t('form.rowActions')}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              <Gap height={before} width={width} />
              {seen.map(({ index: place }) => (
                <tr key={place} data-index={place} ref={long ? virtual.measureElement : undefined}>
                  <td className="ink3">{place + 1}</td>
                  {columns.map((column) => (
                    <td key={column.key} className="rows-cell">
                      {cell(column, place)}
                    </td>
                  ))}
                  {editable && <td className="rows-cell">{tools(place)}</td>}
                </tr>
              ))}
              <Gap height={after} width={width} />
            </tbody>
          </table>
        </div>
      </div>
      <div className="row apart rows-foot">
        {editable && !full ? (
          <Button type="text" size="small" icon={<Plus {...icon14} />} onClick={() => add()}>
            {t('form.addRow')}
          </Button>
        ) : (
          <span />
        )}
        {summary}
      </div>
      {editable && rows.length > 1 && <p className="cap rows-keys">{t('form.rowKeys')}</p>}
    </div>
  )
}

const Gap = ({ height, width }: { height: number; width: number }) =>
  height > 0 ? (
    <tr className="rows-gap" aria-hidden>
      <td colSpan={width} style={{ height }} />
    </tr>
  ) : null
