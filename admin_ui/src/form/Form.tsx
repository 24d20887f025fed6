// The fields of a form in its layout; the frame around it (title, buttons) is the page's.
import { Tabs } from 'antd'
import { useId, useMemo, type RefObject } from 'react'
import type { FieldDoc, LayoutItem } from '../api/types'
import { words } from '../i18n/t'
import { Loading } from '../ui/bits'
import { Field } from './Field'
import './form.css'
import { isWide, layoutOf } from './model'
import { SendingsContext } from './sending'
import type { FormState } from './useForm'

export function FormFields({ state, dense = false }: { state: FormState; dense?: boolean }) {
  const prefix = useId()
  const fields = useMemo(() => new Map(state.form.fields.map((field) => [field.key, field])), [state.form])
  const layout = useMemo(() => layoutOf(state.form), [state.form])
  if (!state.ready) return <Loading />
  const { settled, errors, set } = state

  const one = (key: string) => {
    const field = fields.get(key)
    const fieldState = settled.states[key]
    if (!field || !fieldState?.shown) return null
    return (
      <div key={key} className={isWide(field) ? 'cell wide' : 'cell'}>
        <Field field={field} state={fieldState} value={settled.values[key]} onChange={(value) => set(key, value)} errors={errors} rows={settled.rows[key]} prefix={prefix} dense={dense} />
      </div>
    )
  }
  const item = (entry: LayoutItem, place: number): React.ReactNode => {
    if (typeof entry === 'string') return one(entry)
    if ('row' in entry) {
      const cells = entry.row.map(one).filter(Boolean)
      return cells.length ? (
        <div key={place} className="form-row">
          {cells}
        </div>
      ) : null
    }
    if ('group' in entry) {
      if (!entry.items.some((inner) => isShown(inner, settled.states))) return null
      return (
        <fieldset key={place} className="form-group">
          <legend>{words(entry.group)}</legend>
          <div className={dense ? 'form-grid' : 'form-list'}>{entry.items.map(item)}</div>
        </fieldset>
      )
    }
    return (
      <div key={place} className="cell wide">
        <Tabs
          items={entry.tabs.map((tab, at) => ({
            key: String(at),
            label: <TabLabel text={words(tab.label)} wrong={tab.items.some((inner) => hasError(inner, errors))} />,
            forceRender: true,
            children: <div className={dense ? 'form-grid' : 'form-list'}>{tab.items.map(item)}</div>,
          }))}
        />
      </div>
    )
  }
  return (
    <SendingsContext value={state.sendings}>
      <div className={dense ? 'form-grid' : 'form-list'}>{layout.map(item)}</div>
    </SendingsContext>
  )
}

const TabLabel = ({ text, wrong }: { text: string; wrong: boolean }) => (wrong ? <span className="must">{text + ' !'}</span> : <>{text}</>)

const keysOf = (entry: LayoutItem): string[] =>
  typeof entry === 'string' ? [entry] : 'row' in entry ? entry.row : 'group' in entry ? entry.items.flatMap(keysOf) : entry.tabs.flatMap((tab) => tab.items.flatMap(keysOf))

const isShown = (entry: LayoutItem, states: FormState['settled']['states']) => keysOf(entry).some((key) => states[key]?.shown)

const hasError = (entry: LayoutItem, errors: FormState['errors']) => keysOf(entry).some((key) => Object.keys(errors).some((path) => path === key || path.startsWith(key + '/')))

/** Brings the first wrong field into sight and the cursor into it. */
export function focusFirstError(root: RefObject<HTMLElement | null>): void {
  // After React has drawn the errors.
  requestAnimationFrame(() => {
    const wrong = root.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-wrong]')
    if (!wrong) return
    const target = wrong.matches('input, textarea, button, select') ? wrong : (wrong.querySelector<HTMLElement>('input, textarea, button, select') ?? wrong)
    wrong.scrollIntoView({ block: 'center' })
    target.focus({ preventScroll: true })
  })
}

/** The required fields and how many of them have an answer. */
export function filled(state: FormState): { must: number; done: number } {
  const must = state.form.fields.filter((field: FieldDoc) => state.settled.states[field.key]?.shown && state.settled.states[field.key]?.required)
  return { must: must.length, done: must.filter((field) => state.settled.values[field.key] !== undefined && state.settled.values[field.key] !== null && state.settled.values[field.key] !== '').length }
}
