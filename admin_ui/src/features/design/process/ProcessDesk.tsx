// The process designer at work: steps at the left, canvas and problems in the middle, questions at the right.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Maximize, Redo2, Undo2, ZoomIn, ZoomOut } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { checkDraft } from '../../../api/drafts'
import { useMe } from '../../../api/queries'
import type { Finding } from '../../../api/types'
import type { Part } from '../../../bpmn/parts'
import { add, fresh } from '../../../bpmn/placing'
import type { Template } from '../../../bpmn/steps'
import { t } from '../../../i18n/t'
import { icon, IconButton, Name, Remark } from '../../../ui/bits'
import type { DraftFiles } from '../forms/useDraftFiles'
import { DeskContext, writer, type Desk } from './context'
import { DesignBar } from './DesignBar'
import { factsOf, namesOf, type Texts } from './facts'
import { markProblems } from './marks'
import { namedIn } from './names'
import { Palette } from './Palette'
import { Problems } from './Problems'
import { Side } from './Side'
import { canvasKeys, usePageKeys } from './useKeys'
import { fit, useModeler } from './useModeler'

const NONE: Finding[] = []

interface Props {
  typeKey: string
  typeName: string
  path: string
  files: DraftFiles
  texts: Texts
  children?: ReactNode // what more lies on the canvas
}

export function ProcessDesk({ typeKey, typeName, path, files, texts, children }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const side = useRef<HTMLElement>(null)
  const set = files.set
  const [agreed, setAgreed] = useState(false)
  const designer = useModeler(box, texts[path]!, useCallback((text: string) => set({ [path]: text }, 'diagram'), [set, path]))
  const { part, picked, round, flush } = designer
  const latest = useRef(texts)
  latest.current = texts
  const { permissions } = useMe()
  const check = useQuery({ queryKey: ['drafts', typeKey, 'check', files.draft?.rev], queryFn: () => checkDraft(typeKey), enabled: permissions.includes('deploy') && !!files.draft, placeholderData: keepPreviousData, retry: false })
  const findings = check.data ?? NONE
  const own = useMemo(() => findings.filter((one) => one.document === path), [findings, path])
  useEffect(() => (part ? markProblems(part, own) : undefined), [part, own, round])

  const store = files.save
  const save = useCallback(() => {
    ;(document.activeElement as HTMLElement | null)?.blur?.()
    void flush().then(() => setTimeout(store))
  }, [flush, store])
  usePageKeys(designer, save)

  const facts = useMemo(() => factsOf(texts), [texts])
  const desk = useMemo((): Desk | null => {
    void round // every change of the diagram makes what is offered anew
    if (!part) return null
    const elements = part('elementRegistry').filter((one) => !one.labelTarget && !!one.parent)
    const pick = (id: string) => {
      const element = part('elementRegistry').get(id)
      if (!element) return
      part('selection').select(element)
      part('canvas').scrollToElement(element, 80)
    }
    return { typeKey, path, part, facts, texts, names: namesOf(elements, facts), findings: own, elements, write: writer(part, () => latest.current, set), pick }
  }, [part, round, facts, texts, own, path, set, typeKey])

  const names = (template: Template) => ({ element: namedIn(template.key), approved: namedIn('approved') })
  const place = (template: Template) => part && add(part, template, names(template), picked)
  const drag = (template: Template, event: MouseEvent) => part?.('create').start(event, fresh(part, template, namedIn(template.key)))
  return (
    <DeskContext.Provider value={desk}>
      <DesignBar typeKey={typeKey} typeName={typeName} files={files} flush={flush} />
      <div className="pd">
        <Palette add={place} drag={drag} />
        <section className="pd-middle">
          <div className="pd-canvas">
            <div ref={box} className="modeler" role="application" tabIndex={0} aria-label={t('designer.canvas', { name: typeName })} onKeyDown={part ? canvasKeys(part, picked, () => side.current?.querySelector<HTMLElement>('input, button')?.focus()) : undefined} />
            {children}
            {part && <Zoom part={part} designer={designer} />}
            <Told files={files} />
            {designer.broken && <div className="pd-told"><Remark tone="red">{t('designer.broken')}</Remark></div>}
            {designer.lost.length > 0 && !agreed && (
              <div className="pd-told pd-lost">
                <Remark tone="amber">
                  <div className="col g8">
                    {t('designer.lost')}
                    <ul className="t12">{designer.lost.slice(0, 5).map((one) => <li key={one}>{one}</li>)}</ul>
                    <Button size="small" onClick={() => setAgreed(true)}>{t('designer.lostAgreed')}</Button>
                  </div>
                </Remark>
              </div>
            )}
          </div>
          {desk && <Problems findings={check.data} checking={check.isFetching} />}
        </section>
        <aside ref={side} className="pd-side" role="region" aria-label={t('designer.settings')} tabIndex={0}>
          {desk && <Side picked={picked} />}
        </aside>
      </div>
    </DeskContext.Provider>
  )
}

function Zoom({ part, designer: { undo, redo, scale } }: { part: Part; designer: ReturnType<typeof useModeler> }) {
  const zoom = (by: number) => part('canvas').zoom(Math.min(4, Math.max(0.2, scale * by)), 'auto')
  return (
    <div className="pd-zoom" role="toolbar" aria-label={t('designer.tools')}>
      <IconButton label={t('formDesigner.undo')} disabled={!undo} onClick={() => undo?.()}><Undo2 {...icon} /></IconButton>
      <IconButton label={t('formDesigner.redo')} disabled={!redo} onClick={() => redo?.()}><Redo2 {...icon} /></IconButton>
      <i aria-hidden />
      <IconButton label={t('designer.zoomOut')} onClick={() => zoom(0.8)}><ZoomOut {...icon} /></IconButton>
      <span className="cap">{Math.round(scale * 100)}%</span>
      <IconButton label={t('designer.zoomIn')} onClick={() => zoom(1.25)}><ZoomIn {...icon} /></IconButton>
      <IconButton label={t('designer.fit')} onClick={() => fit(part)}><Maximize {...icon} /></IconButton>
    </div>
  )
}

/** What the person has to know: it is not saved, somebody else is at work. */
function Told({ files }: { files: DraftFiles }) {
  if (files.conflict)
    return (
      <div className="pd-told">
        <Remark tone="amber">
          <span className="row g8 wrap">
            <span className="grow">
              <Name of={files.conflict.by} /> {t('formDesigner.conflict')}
            </span>
            <Button size="small" onClick={() => void files.takeTheirs()}>{t('formDesigner.takeTheirs')}</Button>
            <Button size="small" onClick={() => void files.keepMine()}>{t('formDesigner.keepMine')}</Button>
          </span>
        </Remark>
      </div>
    )
  if (files.wrong)
    return (
      <div className="pd-told">
        <Remark tone="red">
          <span className="row g8 wrap">
            <span className="grow">{files.wrong} {t('formDesigner.keptHere')}</span>
            <Button size="small" onClick={files.save}>{t('do.again')}</Button>
          </span>
        </Remark>
      </div>
    )
  if (files.reloadedFrom)
    return (
      <div className="pd-told">
        <Remark tone="brand">
          <Name of={files.reloadedFrom} /> {t('formDesigner.reloaded')}
        </Remark>
      </div>
    )
  return null
}
