// The properties of a step in a BPMN text: read, and one of them written without touching anything else.

const NAMESPACE = 'http://spiffworkflow.org/bpmn/schema/1.0/core'
const WORK = new Set(['userTask', 'manualTask'])

export interface Step {
  id: string
  name: string
  properties: Record<string, string>
}

interface Tag {
  name: string // with its prefix
  local: string
  attributes: Record<string, string>
  start: number
  end: number // after `>`
  kind: 'open' | 'close' | 'whole'
}

interface Element {
  tag: Tag
  close: Tag // the same tag when the element is empty
  children: Element[]
}

const TAG = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/g
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** The steps of people in a diagram, in the order of the text; none for a text that is no XML. */
export function stepsOf(xml: string): Step[] {
  return walk(rootOf(xml))
    .filter((element) => WORK.has(element.tag.local))
    .map((element) => ({
      id: element.tag.attributes.id ?? '',
      name: element.tag.attributes.name ?? '',
      properties: Object.fromEntries(propertiesOf(element).map(({ tag }) => [tag.attributes.name ?? '', tag.attributes.value ?? ''])),
    }))
}

/** The text with a property of an element set, or taken out (null). */
export function withProperty(xml: string, id: string, name: string, value: string | null): string {
  const root = rootOf(xml)
  const element = walk(root).find((one) => one.tag.attributes.id === id)
  if (!element || !root) return xml
  const found = propertiesOf(element).find(({ tag }) => tag.attributes.name === name)
  if (found) return value === null ? without(xml, found) : replaced(xml, found.tag, value)
  if (value === null) return xml
  const extensions = element.children.find((child) => child.tag.local === 'extensionElements')
  const list = extensions?.children.find((child) => child.tag.local === 'properties')
  const prefix = list?.tag.name.split(':')[0] ?? prefixOf(root.tag)
  const property = `<${prefix}:property name="${escaped(name)}" value="${escaped(value)}" />`
  if (list) return inserted(xml, list, property, list.children.at(-1))
  const properties = (inner: string) => `<${prefix}:properties>${inner}</${prefix}:properties>`
  if (extensions) return declared(inserted(xml, extensions, properties(property)), root.tag, prefix)
  const wrapped = `${bpmnPrefix(element.tag)}extensionElements`
  return declared(inserted(xml, element, `<${wrapped}>${properties(property)}</${wrapped}>`), root.tag, prefix)
}

/** What a step lets its worker do with each field. */
export function accessOf(step: Step): Record<string, string> {
  const pairs = (step.properties.access ?? '').split(',').map((one) => one.split(':').map((word) => word.trim()))
  return Object.fromEntries(pairs.filter(([field]) => field).map(([field, level]) => [field!, level ?? 'edit']))
}

/** The text with a step's access to one field changed; null leaves the field as usual. */
export function withAccess(xml: string, id: string, field: string, level: string | null): string {
  const step = stepsOf(xml).find((one) => one.id === id)
  if (!step) return xml
  const access = accessOf(step)
  if (level === null) delete access[field]
  else access[field] = level
  const text = Object.entries(access).map(([key, one]) => `${key}:${one}`).join(',')
  return withProperty(xml, id, 'access', text || null)
}

function rootOf(xml: string): Element | null {
  const open: Element[] = []
  let root: Element | null = null
  for (const match of xml.matchAll(TAG)) {
    const [all, slash, name, attributes, whole] = match
    if (!name) continue
    const tag: Tag = { name, local: name.split(':').at(-1)!, attributes: attributesIn(attributes ?? ''), start: match.index, end: match.index + all.length, kind: slash ? 'close' : whole ? 'whole' : 'open' }
    if (tag.kind === 'close') {
      const element = open.pop()
      if (!element || element.tag.name !== name) return null
      element.close = tag
      continue
    }
    const element: Element = { tag, close: tag, children: [] }
    open.at(-1)?.children.push(element)
    root ??= element
    if (tag.kind === 'open') open.push(element)
  }
  return open.length ? null : root
}

const walk = (element: Element | null): Element[] => (element ? [element, ...element.children.flatMap(walk)] : [])

function propertiesOf(element: Element): Element[] {
  const below = (parents: Element[], local: string) => parents.flatMap((parent) => parent.children.filter((child) => child.tag.local === local))
  return below(below(below([element], 'extensionElements'), 'properties'), 'property')
}

const attributesIn = (text: string) => Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name, one, other]) => [name!, unescaped(one ?? other ?? '')]))

function replaced(xml: string, tag: Tag, value: string): string {
  const text = xml.slice(tag.start, tag.end)
  return xml.slice(0, tag.start) + text.replace(/(\svalue\s*=\s*)("[^"]*"|'[^']*')/, (_, before: string) => `${before}"${escaped(value)}"`) + xml.slice(tag.end)
}

/** Takes an element out with its line. */
function without(xml: string, { tag, close }: Element): string {
  const before = xml.slice(0, tag.start)
  return before.slice(0, before.length - lineStart(before).length) + xml.slice(close.end)
}

const lineStart = (before: string) => /(\r?\n)?[ \t]*$/.exec(before)![0]

/** Puts a piece first into an element, or behind one of its children. */
function inserted(xml: string, parent: Element, piece: string, last?: Element): string {
  const { tag } = parent
  const outer = /\n([ \t]*)$/.exec(xml.slice(0, tag.start))?.[0]
  if (tag.kind === 'whole') {
    const open = xml.slice(tag.start, tag.end).replace(/\s*\/>$/, '>')
    const inner = outer === undefined ? piece : `${outer}  ${piece}${outer}`
    return `${xml.slice(0, tag.start)}${open}${inner}</${tag.name}>${xml.slice(tag.end)}`
  }
  const at = last ? last.close.end : tag.end
  const line = last ? /\n[ \t]*$/.exec(xml.slice(0, last.tag.start))?.[0] : outer && `${outer}  `
  return xml.slice(0, at) + (line ?? '') + piece + xml.slice(at)
}

function prefixOf(root: Tag): string {
  const declared = Object.entries(root.attributes).find(([name, value]) => name.startsWith('xmlns:') && value === NAMESPACE)
  return declared ? declared[0].slice('xmlns:'.length) : 'spiffworkflow'
}

function declared(xml: string, root: Tag, prefix: string): string {
  if (root.attributes[`xmlns:${prefix}`]) return xml
  const at = root.start + 1 + root.name.length
  return `${xml.slice(0, at)} xmlns:${prefix}="${NAMESPACE}"${xml.slice(at)}`
}

const bpmnPrefix = (tag: Tag) => (tag.name.includes(':') ? tag.name.split(':')[0] + ':' : '')

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const escaped = (text: string) => text.replace(/[&<>"\n]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' })[sign]!)
const unescaped = (text: string) => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, digits?: string, name?: string) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : digits ? String.fromCodePoint(Number(digits)) : (ENTITIES[name!] ?? all)))
