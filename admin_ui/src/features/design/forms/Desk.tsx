// The three panes of the form designer and what happens between them: picking, dragging, undo, checks.
import { closestCenter, DndContext, DragOverlay, PointerSensor, pointerWithin, useSensor, useSensors, type DragEndEvent, type DragStartEvent } from '@dnd-kit/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { checkDraft } from '../../../api/drafts'
import { useMe } from '../../../api/queries'
import type { Finding, LayoutItem } from '../../../api/types'
import { layoutOf } from '../../../form/model'
import { t } from '../../../i18n/t'
import { levelOf, stepsIn } from './access'
import { ByHand } from './ByHand'
import { DeskBar } from './DeskBar'
import { addField, dissolve, duplicateField, insertAt, itemAt, moveTo, pathOf, removeField, shift, type Path } from './document'
import type { Texts } from './history'
import { freshField } from './kinds'
import { Middle } from './Middle'
import { namedIn } from './names'
import { Palette } from './Palette'
import { Problems } from './Problems'
import { Side } from './Side'
import type { DraftFiles } from './useDraftFiles'
import { readForm, useEditing } from './useEditing'

const NO_FINDINGS: Finding[] = []

export function Desk({ typeKey, typeName, path, files, texts }: { typeKey: string; typeName: string; path: string; files: DraftFiles; texts: Texts }) {
  const text = texts[path]!
  const { form, wrong } = useMemo(() => readForm(text), [text])
  const [pickedKey, setPickedKey] = useState<string | null>(null)
  const [pickedHolder, setPickedHolder] = useState<Path | null>(null)
  const [viewer, setViewer] = useState<string | null>(null)
  const [dragged, setDragged] = useState<string | null>(null)
  const pickField = useCallback((key: string) => {
    setPickedKey(key)
    setPickedHolder(null)
  }, [])
  const editing = useEditing(path, form, texts, files.set, pickField)
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))
  const { permissions } = useMe()
  const check = useQuery({ queryKey: ['drafts', typeKey, 'check', files.draft?.rev], queryFn: () => checkDraft(typeKey), enabled: permissions.includes('deploy') && !!files.draft, placeholderData: (before) => before, retry: false })
  const findings = useMemo(() => check.data?.filter((finding) => finding.document === path) ?? NO_FINDINGS, [check.data, path])
  const steps = useMemo(() => stepsIn(texts, form?.key ?? ''), [texts, form?.key])
  const seenBy = steps.find((one) => one.path + one.step.id === viewer)
  const access = useCallback((field: string) => (seenBy ? levelOf(seenBy.step, field) : 'edit'), [seenBy])

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const act = key === 's' ? files.save : key === 'y' || (key === 'z' && event.shiftKey) ? files.redo : key === 'z' ? files.undo : undefined
      if (act === undefined) return
      event.preventDefault()
      act?.()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  }, [files])

  const bar = <DeskBar typeKey={typeKey} typeName={typeName} title={form?.title ?? path} files={files} />
  if (!form)
    return (
      <>
        {bar}
        <ByHand text={text} wrong={wrong} onChange={(next) => files.set({ [path]: next }, 'text')} />
      </>
    )

  const picked = pickedKey ? pathOf(form, pickedKey) : pickedHolder
  const end: Path = [layoutOf(form).length]
  const place = (what: string, at: Path) => {
    if (what === 'group-of-fields' || what === 'tabs') {
      const item: LayoutItem = what === 'tabs' ? { tabs: [1, 2].map((n) => ({ label: t('formDesigner.tabTitle', { n }), items: [] })) } : { group: namedIn('group'), items: [] }
      editing.change(insertAt(form, at, item))
      setPickedKey(null)
      return setPickedHolder(at)
    }
    const field = freshField(what, form.fields, namedIn)
    editing.change(addField(form, field, at), undefined, field.key)
  }
  const move = (from: Path, to: Path) => {
    const item = itemAt(form, from)
    editing.change(moveTo(form, from, to), undefined, typeof item === 'string' ? item : undefined)
  }
  const actions = {
    pick: (at: Path) => {
      const item = itemAt(form, at)
      setPickedKey(typeof item === 'string' ? item : null)
      setPickedHolder(typeof item === 'string' ? null : at)
    },
    shift: (at: Path, by: 1 | -1) => editing.change(shift(form, at, by)),
    copy: (at: Path) => {
      const item = itemAt(form, at)
      if (typeof item !== 'string') return
      const copied = duplicateField(form, item)
      editing.change(copied.form, undefined, copied.key)
    },
    remove: (at: Path) => {
      const item = itemAt(form, at)
      editing.change(typeof item === 'string' ? removeField(form, item) : dissolve(form, at))
      setPickedKey(null)
      setPickedHolder(null)
    },
  }
  const started = ({ active }: DragStartEvent) => setDragged((active.data.current as { label?: string } | undefined)?.label ?? '')
  const ended = ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const from = active.data.current as { what?: string; path?: Path } | undefined
    const to = (over?.data.current as { path?: Path } | undefined)?.path
    if (!to || !from) return
    if (from.what) place(from.what, to)
    else if (from.path) move(from.path, to)
  }
  return (
    <DndContext sensors={sensors} collisionDetection={(args) => (pointerWithin(args).length ? smallest(pointerWithin(args)) : closestCenter(args))} onDragStart={started} onDragEnd={ended} onDragCancel={() => setDragged(null)}>
      {bar}
      <div className="fd">
        <Palette add={(what) => place(what, picked ? [...picked.slice(0, -1), picked.at(-1)! + 1] : end)} />
        <Middle form={form} picked={picked} findings={findings} access={access} actions={actions} steps={steps} viewer={viewer} setViewer={setViewer} files={files} />
        <aside className="fd-side" role="region" aria-label={t('formDesigner.settings')} tabIndex={0}>
          <Side editing={editing} form={form} picked={picked} findings={findings} />
          <Problems findings={findings} form={form} pick={pickField} />
        </aside>
      </div>
      <DragOverlay dropAnimation={null}>{dragged !== null && <div className="fd-dragged">{dragged}</div>}</DragOverlay>
    </DndContext>
  )
}

/** Of places within each other the inner one is meant: the one with the longest path. */
const smallest = <C extends { id: string | number }>(found: C[]): C[] => [...found].sort((a, b) => String(b.id).split('.').length - String(a.id).split('.').length)
