// The differences between two versions: by document and thing, in words, and as colours on the diagram.
import type { Change } from '../../../api/versions'
import type { Tints } from '../../../bpmn/tints'
import type { Badge } from '../../../bpmn/Diagram'
import { known, t } from '../../../i18n/t'
import { readLength } from '../process/duration'
import type { Part } from './elements'

export interface Thing {
  element: string
  kind: Change['kind']
  title: string
  lines: string[]
}

export interface Document {
  path: string
  title: string
  things: Thing[]
}

const isDiagram = (path: string) => path.endsWith('.bpmn')

/** The changes of each document, those of one thing together. */
export function documents(changes: Change[], before: Map<string, Part>, after: Map<string, Part>): Document[] {
  const byPath = new Map<string, Map<string, Change[]>>()
  for (const change of changes) {
    const things = byPath.get(change.document) ?? new Map<string, Change[]>()
    byPath.set(change.document, things)
    const id = change.element ?? ''
    things.set(id, [...(things.get(id) ?? []), change])
  }
  const named: Named = (id) => nameOf(after.get(id) ?? before.get(id), id)
  const inOrder = [...byPath].sort(([one], [other]) => weight(one) - weight(other) || one.localeCompare(other))
  return inOrder.map(([path, things]) => ({
    path,
    title: titleOf(path),
    things: [...things].map(([element, all]) => {
      const title = isDiagram(path) ? named(element) : element || all[0]!.after || all[0]!.before || path.split('/').at(-1)!
      return { element, kind: kindOf(all), title, lines: all.filter((one) => !isWhole(one)).map((one) => sentence(one, named)) }
    }),
  }))
}

/** How many things came, went and changed. */
export function counted(all: Document[]): Record<Change['kind'], number> {
  const found = { added: 0, removed: 0, changed: 0 }
  for (const { things } of all) for (const { kind } of things) found[kind] += 1
  return found
}

/** The colours of one side: what went is on the old one only, what came on the new one only. */
export function tintsOf(changes: Change[], side: 'before' | 'after'): Tints {
  const tints: Tints = {}
  for (const thing of documents(changes.filter(({ document, element }) => isDiagram(document) && element), new Map(), new Map()).flatMap(({ things }) => things))
    if (thing.kind === 'changed' || thing.kind === (side === 'before' ? 'removed' : 'added')) tints[thing.element] = thing.kind
  return tints
}

/** A word on each coloured step, so that colour does not stand alone. */
export function badgesOf(tints: Tints, changes: Change[], parts: Map<string, Part>): Badge[] {
  return Object.entries(tints)
    .filter(([element]) => parts.get(element)?.kind !== 'sequenceFlow')
    .map(([element, tint]) => {
      const n = changes.filter((one) => one.element === element && isDiagram(one.document)).length
      if (tint === 'added') return { element, tone: 'teal', quiet: true, text: t('versions.mark.added') }
      if (tint === 'removed') return { element, tone: 'red', quiet: true, text: t('versions.mark.removed') }
      return { element, tone: 'amber', quiet: true, text: n > 1 ? t('versions.mark.changes', { n }) : t('versions.mark.changed') }
    })
}

/** A thing that came or went as a whole is one change that names its kind, not a fact of it. */
const WHOLE = /^(file|field|decision|process|flow|sequenceFlow|task|subProcess|callActivity|transaction|adHocSubProcess|\w+(Task|Event|Gateway))$/
const isWhole = ({ kind, what }: Change): boolean => kind !== 'changed' && WHOLE.test(what)

const kindOf = (all: Change[]): Change['kind'] => (all.length === 1 && isWhole(all[0]!) ? all[0]!.kind : 'changed')

function titleOf(path: string): string {
  const name = path.split('/').at(-1)!.replace(/\.\w+$/, '')
  if (isDiagram(path)) return t('versions.doc.process')
  if (path.endsWith('.dmn')) return t('versions.doc.rules', { name })
  if (path.startsWith('forms/')) return t('versions.doc.form', { name })
  if (path.startsWith('examples/')) return t('versions.doc.example', { name })
  if (path === 'package.toml') return t('versions.doc.manifest')
  return path
}

type Named = (id: string) => string

const nameOf = (part: Part | undefined, id: string): string => part?.name || known(`versions.kind.${part?.kind ?? ''}`) || id || t('versions.doc.process')

/** The process first, what only proves it last. */
const ORDER = [/\.bpmn$/, /\.dmn$/, /^forms\//, /^package\.toml$/, /^(?!examples\/)/]
const weight = (path: string): number => ORDER.findIndex((pattern) => pattern.test(path)) + 1 || ORDER.length + 1

const REFERENCES = new Set(['attached_to', 'source', 'target', 'default'])

function sentence({ what, before, after }: Change, named: Named): string {
  if (what === 'layout') return t('versions.what.layout')
  const [, family, name] = /^(property|rule|output|inputExpression)\s+(.*)$/.exec(what) ?? []
  const fact = (family === 'rule' ? t('versions.what.rule', { n: name ?? '' }) : known(`versions.what.${(name ?? what).split(/[.[]/)[0]}`)) ?? name ?? what
  const shown = (value: string | null) => (value === null ? '' : REFERENCES.has(what) ? named(value) : what === 'events' ? eventOf(value) : value)
  if (before === null) return t('versions.said.added', { fact, after: shown(after) })
  if (after === null) return t('versions.said.removed', { fact, before: shown(before) })
  return t('versions.said.changed', { fact, before: shown(before), after: shown(after) })
}

/** What an event waits for: of `kind timer, text P3D, time_kind duration` the time, in words where it is a plain one. */
function eventOf(value: string): string {
  const text = /(?:^|, )text (.*?)(?:, \w+ [^,]*)?$/.exec(value)?.[1]
  if (!text) return value
  const length = readLength(text)
  return length ? `${length.count} ${t(`designer.unit.${length.unit}`)}` : text
}
