// The editor of one cell, by its kind; Enter takes it over, Escape leaves it as it was.
import { Checkbox, Segmented } from 'antd'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { createPortal } from 'react-dom'
import { fromPlain, readCell, readResult, resultFromPlain, scalarOf, writeCell, writeResult, type Cell, type CellKind, type Sign } from '../../../feel/cells'
import { t } from '../../../i18n/t'
import { Key } from '../../../ui/bits'
import type { Kind } from './fields'
import { DESCRIPTION, type Column } from './table'

export type Step = 'stay' | 'down' | 'next' | 'before'

interface Props {
  column: Column | null // null: the remark of the rule
  label: string
  text: string
  kind: Kind
  typed: string // the character that opened it
  anchor: Element
  done: (text: string | null, step: Step) => void
}

export function CellEditor({ column, label, text, kind, typed, anchor, done }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState(text)
  const latest = useRef(draft)
  latest.current = draft
  const [place, setPlace] = useState<{ left: number; top: number; width: number } | null>(null)
  const plain = column === null || column.part === 'notes'
  const readable = plain || (column.part === 'inputs' ? readCell(text, kind.kind) !== null : readResult(text, kind.kind) !== null)
  const [asText, setAsText] = useState(!readable)

  useLayoutEffect(() => {
    const cell = anchor.getBoundingClientRect()
    const own = box.current!.getBoundingClientRect()
    const below = cell.bottom + own.height + 8 < innerHeight
    setPlace({ left: Math.max(8, Math.min(cell.left, innerWidth - own.width - 8)), top: below ? cell.bottom + 2 : Math.max(8, cell.top - own.height - 2), width: cell.width })
  }, [anchor, asText])
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('[data-first], input:not([type=radio]), textarea')?.focus(), [asText])
  useLayoutEffect(() => {
    const outside = (event: PointerEvent) => !box.current?.contains(event.target as Node) && done(latest.current, 'stay')
    addEventListener('pointerdown', outside, true)
    return () => removeEventListener('pointerdown', outside, true)
  }, [done])

  const keys = (event: KeyboardEvent) => {
    event.stopPropagation()
    const step: Step | null = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing ? 'down' : event.key === 'Tab' ? (event.shiftKey ? 'before' : 'next') : null
    if (event.key === 'Escape') done(null, 'stay')
    else if (step) done(latest.current, step)
    else return
    event.preventDefault()
  }
  const inner =
    asText || plain ? (
      <textarea className="ru-input" aria-label={label} rows={2} value={draft} onChange={(event) => setDraft(event.target.value)} spellCheck={false} />
    ) : column.part === 'inputs' ? (
      <TestEditor kind={kind} text={text} typed={typed} label={label} onChange={setDraft} />
    ) : (
      <ResultEditor kind={kind} text={text} typed={typed} label={label} onChange={setDraft} />
    )
  return createPortal(
    <div ref={box} className="ru-editor" role="dialog" aria-label={label} data-column={column?.key ?? DESCRIPTION} style={place ? { left: place.left, top: place.top, minWidth: Math.max(place.width, 264) } : { left: 0, top: 0, opacity: 0 }} onKeyDown={keys}>
      <div className="ru-editor-body">
        {inner}
        {asText && !plain && <span className="cap">{t('rules.asText')}</span>}
      </div>
      <div className="ru-editor-foot">
        {!plain && readable && (
          <button type="button" className="link t12" onClick={() => setAsText(!asText)}>
            {t(asText ? 'rules.pick' : 'rules.writeText')}
          </button>
        )}
        <span className="grow" />
        <Key>Enter</Key> {t('rules.ok')} <Key>Esc</Key> {t('rules.leave')}
      </div>
    </div>,
    document.body,
  )
}

type Mode = 'several' | 'not' | Sign | 'range' | 'any'
const MODES: Record<CellKind, Mode[]> = {
  text: ['several', 'not', 'any'], boolean: ['several', 'any'],
  number: ['several', '>=', '<=', '>', '<', 'range', 'not', 'any'], date: ['several', '>=', '<=', '>', '<', 'range', 'not', 'any'],
  datetime: ['several', '>=', '<=', '>', '<', 'range', 'any'], time: ['several', '>=', '<=', '>', '<', 'range', 'any'],
}
const INPUTS: Record<CellKind, string> = { text: 'text', boolean: 'text', number: 'text', date: 'date', datetime: 'datetime-local', time: 'time' }

const modeOf = (cell: Cell | null): Mode => (!cell || cell.is === 'any' || cell.is === 'missing' ? 'several' : cell.is === 'several' ? (cell.not ? 'not' : 'several') : cell.is === 'compare' ? cell.sign : 'range')
const textsOf = (cell: Cell | null): string[] => {
  const items = !cell ? [] : cell.is === 'several' ? cell.items : cell.is === 'compare' ? [cell.value] : cell.is === 'range' ? [cell.from, cell.to] : []
  return items.map((item) => ('value' in item ? String(item.value) : ''))
}

function TestEditor({ kind, text, typed, label, onChange }: { kind: Kind; text: string; typed: string; label: string; onChange: (text: string) => void }) {
  const cell = readCell(text, kind.kind)
  const [mode, setMode] = useState<Mode>(modeOf(cell))
  const [values, setValues] = useState<string[]>(typed ? (kind.options ? [] : [typed]) : textsOf(cell))
  const wasAny = cell?.is === 'missing' ? text : '-'
  const change = (nextMode: Mode, next: string[]) => {
    setMode(nextMode)
    setValues(next)
    onChange(written(nextMode, next, kind.kind) ?? wasAny)
  }
  const free = values.join(', ')
  return (
    <>
      <Segmented size="small" block value={mode} onChange={(next) => change(next, values)} options={MODES[kind.kind].map((one) => ({ value: one, label: t(`rules.mode.${one}`) }))} />
      {mode === 'any' ? (
        <span className="cap">{t('rules.anyWhat')}</span>
      ) : kind.options ? (
        <Choices options={kind.options} picked={values} onChange={(next) => change(mode, next)} several={kind.kind !== 'boolean'} label={label} />
      ) : mode === 'several' || mode === 'not' ? (
        <input className="ru-input" data-first aria-label={label} type={['date', 'time', 'datetime'].includes(kind.kind) ? INPUTS[kind.kind] : 'text'} placeholder={t('rules.severalHint')} value={['date', 'time', 'datetime'].includes(kind.kind) ? (values[0] ?? '') : free} onChange={(event) => change(mode, kind.kind === 'text' || kind.kind === 'number' ? [event.target.value] : [event.target.value])} />
      ) : (
        <div className="row g6">
          <input className="ru-input" data-first aria-label={mode === 'range' ? t('rules.from') : label} type={INPUTS[kind.kind]} inputMode={kind.kind === 'number' ? 'decimal' : undefined} value={values[0] ?? ''} onChange={(event) => change(mode, [event.target.value, values[1] ?? ''])} />
          {mode === 'range' && <input className="ru-input" aria-label={t('rules.to')} type={INPUTS[kind.kind]} inputMode={kind.kind === 'number' ? 'decimal' : undefined} value={values[1] ?? ''} onChange={(event) => change(mode, [values[0] ?? '', event.target.value])} />}
        </div>
      )}
    </>
  )
}

/** The text of what is picked so far, null while it says nothing. */
function written(mode: Mode, values: string[], kind: CellKind): string | null {
  if (mode === 'any') return '-'
  if (mode === 'range') {
    const [from, to] = [scalarOf(values[0] ?? '', kind), scalarOf(values[1] ?? '', kind)]
    return from && to ? writeCell({ is: 'range', from, to, open: [false, false] }) : null
  }
  if (mode !== 'several' && mode !== 'not') {
    const value = scalarOf(values[0] ?? '', kind)
    return value ? writeCell({ is: 'compare', sign: mode, value }) : null
  }
  const items = values.map((one) => scalarOf(one, kind))
  if (values.length > 1 && items.every((one) => one !== null)) return writeCell({ is: 'several', not: mode === 'not', items })
  const plain = values.join(',').trim()
  if (!plain) return null
  const meant = fromPlain(plain, kind)
  const cell = readCell(meant, kind)
  return cell?.is === 'several' ? writeCell({ ...cell, not: mode === 'not' || cell.not }) : meant
}

function Choices({ options, picked, onChange, several, label }: { options: { value: string; label: string }[]; picked: string[]; onChange: (picked: string[]) => void; several: boolean; label: string }) {
  const [search, setSearch] = useState('')
  const unknown = picked.filter((value) => !options.some((one) => one.value === value)).map((value) => ({ value, label: value }))
  const shown = [...unknown, ...options].filter((one) => !search || one.label.toLowerCase().includes(search.toLowerCase()))
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!by) return
    event.preventDefault()
    const inputs = [...event.currentTarget.querySelectorAll('input')]
    inputs[Math.max(0, Math.min(inputs.length - 1, inputs.indexOf(document.activeElement as HTMLInputElement) + by))]?.focus()
  }
  return (
    <>
      {options.length > 10 && <input className="ru-input" data-first aria-label={t('rules.search')} placeholder={t('rules.search')} value={search} onChange={(event) => setSearch(event.target.value)} />}
      <div className="ru-choices" role="group" aria-label={label} onKeyDown={step}>
        {shown.slice(0, 200).map((one) => (
          <Checkbox key={one.value} checked={picked.includes(one.value)} onChange={({ target }) => onChange(several ? (target.checked ? [...picked, one.value] : picked.filter((value) => value !== one.value)) : target.checked ? [one.value] : [])}>
            {one.label}
          </Checkbox>
        ))}
      </div>
      {several && <span className="cap">{t('rules.picked', { n: picked.length })}</span>}
    </>
  )
}

function ResultEditor({ kind, text, typed, label, onChange }: { kind: Kind; text: string; typed: string; label: string; onChange: (text: string) => void }) {
  const value = readResult(text, kind.kind)
  const [raw, setRaw] = useState(typed && !kind.options ? typed : value && 'value' in value ? String(value.value) : '')
  const change = (next: string) => {
    setRaw(next)
    onChange(next ? resultFromPlain(next, kind.kind) : writeResult(undefined))
  }
  if (kind.options) return <Choices options={kind.options} picked={raw ? [raw] : []} onChange={(next) => change(next[0] ?? '')} several={false} label={label} />
  return <input className="ru-input" data-first aria-label={label} type={INPUTS[kind.kind]} placeholder={t('rules.nothing')} value={raw} onChange={(event) => change(event.target.value)} />
}
