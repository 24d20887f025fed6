// The form being designed, drawn with the real renderer: fields are picked, moved and told apart here, not filled in.
import { useDndContext, useDraggable, useDroppable } from '@dnd-kit/core'
import { ArrowDown, ArrowUp, CircleAlert, Copy, GripVertical, Trash2 } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { FieldDoc, Finding, FormDoc, LayoutItem } from '../../../api/types'
import { Field } from '../../../form/Field'
import type { FieldState } from '../../../form/logic'
import { isRule, isWide, layoutOf } from '../../../form/model'
import { known, t, words } from '../../../i18n/t'
import { Chip, icon14, IconButton } from '../../../ui/bits'
import { fieldOf, samePath, type Path } from './document'

export interface CanvasActions {
  pick: (path: Path) => void
  shift: (path: Path, by: 1 | -1) => void
  copy: (path: Path) => void
  remove: (path: Path) => void
}

interface Props {
  form: FormDoc
  drawn: FormDoc // the same form in the language that is drawn
  picked: Path | null
  findings: Finding[]
  access: (field: string) => string
  actions: CanvasActions
  name: string
}

export function Canvas({ form, drawn, picked, findings, access, actions, name }: Props) {
  const layout = layoutOf(drawn)
  const { active } = useDndContext()
  const draw = (entry: LayoutItem, path: Path): ReactNode => {
    if (typeof entry === 'string') {
      const field = fieldOf(drawn, entry)
      if (!field) return null
      return (
        <Item key={path.join()} name={name} path={path} label={words(field.label) || entry} picked={samePath(picked, path)} actions={actions} wide={isWide(field)} field={entry}>
          <Drawn field={field} original={fieldOf(form, entry) ?? field} findings={findings} level={access(entry)} prefix={name} />
        </Item>
      )
    }
    if ('row' in entry)
      return (
        <div key={path.join()} className="form-row">
          {entry.row.map((key, at) => draw(key, [...path, at]))}
        </div>
      )
    const inner = (items: LayoutItem[], below: Path) => (
      <div className="form-list">
        {items.map((item, at) => draw(item, [...below, at]))}
        <End name={name} path={[...below, items.length]} empty={!items.length} />
      </div>
    )
    return (
      <Item key={path.join()} name={name} path={path} label={'group' in entry ? words(entry.group) : t('formDesigner.newTabs')} picked={samePath(picked, path)} actions={actions} wide holder>
        {'group' in entry ? (
          <div className="form-group fd-holder">
            <b className="fd-legend">{words(entry.group)}</b>
            {inner(entry.items, path)}
          </div>
        ) : (
          <div className="fd-holder col g8">
            {entry.tabs.map((tab, at) => (
              <section key={at} className="col g8">
                <b className="fd-tab">{words(tab.label)}</b>
                {inner(tab.items, [...path, at])}
              </section>
            ))}
          </div>
        )}
      </Item>
    )
  }
  return (
    <div className="form-list" data-dragging={active ? '' : undefined}>
      {layout.map((item, at) => draw(item, [at]))}
      <End name={name} path={[layout.length]} empty={!layout.length} />
    </div>
  )
}

interface ItemProps {
  name: string
  path: Path
  label: string
  picked: boolean
  actions: CanvasActions
  wide: boolean
  field?: string
  holder?: boolean
  children: ReactNode
}

function Item({ name, path, label, picked, actions, wide, field, holder, children }: ItemProps) {
  const drag = useDraggable({ id: `${name}:${path.join('.')}`, data: { path, label } })
  const drop = useDroppable({ id: `${name}:before:${path.join('.')}`, data: { path } })
  const keys = (event: KeyboardEvent) => {
    const act = keyed(event)
    if (!act) return
    event.preventDefault()
    act(actions, path)
  }
  const grab = drag.listeners?.onPointerDown as React.PointerEventHandler
  return (
    <div ref={drop.setNodeRef} className={wide ? 'cell wide fd-cell' : 'cell fd-cell'}>
      {drop.isOver && <div className="fd-drop">{t('formDesigner.dropHere')}</div>}
      <div ref={drag.setNodeRef} className="fd-item" data-picked={picked || undefined} data-holder={holder || undefined} data-dragging={drag.isDragging || undefined}>
        <button type="button" className="fd-hit" data-item={field} aria-label={t('formDesigner.pickField', { label })} aria-pressed={picked} onClick={() => actions.pick(path)} onKeyDown={keys} onPointerDown={grab} />
        {holder ? children : <div inert>{children}</div>}
        {picked && (
          <div className="fd-tools" role="toolbar" aria-label={label}>
            <span className="fd-grip" onPointerDown={grab} title={t('formDesigner.drag')}>
              <GripVertical {...icon14} />
            </span>
            <IconButton label={t('formDesigner.up')} onClick={() => actions.shift(path, -1)}>
              <ArrowUp {...icon14} />
            </IconButton>
            <IconButton label={t('formDesigner.down')} onClick={() => actions.shift(path, 1)}>
              <ArrowDown {...icon14} />
            </IconButton>
            {!holder && (
              <IconButton label={t('formDesigner.copy')} onClick={() => actions.copy(path)}>
                <Copy {...icon14} />
              </IconButton>
            )}
            <IconButton label={holder ? t('formDesigner.dissolve') : t('formDesigner.remove')} onClick={() => actions.remove(path)}>
              <Trash2 {...icon14} />
            </IconButton>
          </div>
        )}
      </div>
    </div>
  )
}

/** What a key does to the picked item: Alt+arrows move it, Ctrl+D copies, Delete takes it out. */
function keyed(event: KeyboardEvent): ((actions: CanvasActions, path: Path) => void) | null {
  if (event.altKey && event.key === 'ArrowUp') return (actions, path) => actions.shift(path, -1)
  if (event.altKey && event.key === 'ArrowDown') return (actions, path) => actions.shift(path, 1)
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') return (actions, path) => actions.copy(path)
  if (event.key === 'Delete' || event.key === 'Backspace') return (actions, path) => actions.remove(path)
  return null
}

function End({ name, path, empty }: { name: string; path: Path; empty: boolean }) {
  const { active } = useDndContext()
  const { setNodeRef, isOver } = useDroppable({ id: `${name}:before:${path.join('.')}`, data: { path } })
  if (!active && !empty) return null
  return (
    <div ref={setNodeRef} className="fd-end" data-over={isOver || undefined}>
      {isOver ? t('formDesigner.dropHere') : t('formDesigner.emptyHere')}
    </div>
  )
}

const NOTHING = () => undefined

function Drawn({ field, original, findings, level, prefix }: { field: FieldDoc; original: FieldDoc; findings: Finding[]; level: string; prefix: string }) {
  const state: FieldState = { shown: true, required: field.required === true, readOnly: field.read_only === true || level === 'read', options: Array.isArray(field.options) ? field.options : [] }
  const own = findings.filter((finding) => finding.element === field.key || finding.element?.startsWith(field.key + '.'))
  const conditional = [original.shown, original.required, original.read_only].some(isRule)
  return (
    <div className={level === 'hide' ? 'fd-hidden' : undefined}>
      {(conditional || isRule(field.computed) || level !== 'edit') && (
        <span className="fd-marks">
          {conditional && <Chip tone="violet">{t('formDesigner.conditional')}</Chip>}
          {isRule(field.computed) && <Chip tone="violet">{t('form.computed')}</Chip>}
          {level !== 'edit' && <Chip>{known(`formDesigner.access.${level}`)}</Chip>}
        </span>
      )}
      <Field field={{ ...field, columns: field.columns }} state={state} value={typeof field.default === 'string' && field.default.startsWith('=') ? undefined : field.default} onChange={NOTHING} errors={{}} prefix={prefix} dense={false} />
      {own.map((finding, at) => (
        <span key={at} className={`fd-finding tone-${finding.severity === 'error' ? 'red' : 'amber'}`}>
          <CircleAlert {...icon14} />
          {finding.text}
        </span>
      ))}
    </div>
  )
}
