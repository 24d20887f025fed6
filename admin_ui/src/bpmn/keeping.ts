// Keeps a hand-written BPMN file as it was written: of what the canvas writes, only what somebody changed is taken over.
//
// The canvas reads a file and writes all of it anew, in its own order and layout and without comments. Two texts of it are
// compared, that of the file as it was opened and that of now; what is the same in both keeps the bytes of the file.
import { attributeOf, saidBy, treeOf, type Element, type Tree } from './xmlTree'

/** The file with the changes between two texts of the canvas; the later text where the file cannot be taken apart. */
export function keeping(file: string, before: string, now: string): string {
  if (before === now) return file
  const [was, base, next] = [treeOf(file), treeOf(before), treeOf(now)]
  if (!was || !base || !next) return now
  const spaces = [was, base, next].map((tree) => namespaces(tree.root))
  if (was.root.name !== next.root.name || spaces.some((one) => one !== spaces[0]) || hasTwins(was.root)) return now
  const merged = merge(was, base, next, was.root, base.root, next.root)
  const text = file.slice(0, was.root.start) + merged + file.slice(was.root.end)
  return treeOf(text) ? text : now
}

/** The namespaces of a document; where they differ, the same word may mean two things. */
function namespaces(root: Element): string {
  const found = root.attributes.filter((one) => one.name === 'xmlns' || one.name.startsWith('xmlns:'))
  return found.map((one) => `${one.name}=${one.value}`).sort().join(' ')
}

/** Whether an id stands twice, or a namespace is named within: then elements cannot be told by their names. */
function hasTwins(root: Element): boolean {
  const seen = new Set<string>()
  const all = [...root.children]
  for (const element of all) {
    const id = attributeOf(element, 'id')
    if (id !== undefined && seen.has(id)) return true
    if (id !== undefined) seen.add(id)
    if (element.attributes.some((one) => one.name.startsWith('xmlns'))) return true
    all.push(...element.children)
  }
  return false
}

function merge(was: Tree, base: Tree, next: Tree, old: Element, before: Element, now: Element): string {
  if (meaning(base, before) === meaning(next, now)) return was.text.slice(old.start, old.end)
  const tag = mergedTag(was, old, before, now)
  const isEmpty = old.inside === old.end
  if (isEmpty && !now.children.length && !saidBy(next, now)) return tag
  if (!now.children.length) {
    const said = saidBy(base, before) === saidBy(next, now) && !old.children.length ? was.text.slice(old.inside, old.close) : next.text.slice(now.inside, now.close)
    return opened(tag) + said + `</${old.name}>`
  }
  const children = mergedChildren(was, base, next, old, before, now)
  return opened(tag) + (children ?? inside(next, now, lineIndent(was.text, old.start))) + `</${old.name}>`
}

/** All that the canvas wrote within an element, standing in as far as the element of the file. */
function inside(tree: Tree, element: Element, indent: string): string {
  const from = lineIndent(tree.text, element.start)
  return tree.text.slice(element.inside, element.close).replaceAll(`\n${from}`, `\n${indent}`)
}

const opened = (tag: string) => tag.replace(/\s*\/>$/, '>')

/** The opening tag of the file with the attributes that changed. */
function mergedTag(was: Tree, old: Element, before: Element, now: Element): string {
  let tag = was.text.slice(old.start, old.inside)
  for (const one of [...old.attributes].reverse()) {
    const next = attributeOf(now, one.name)
    if (next === attributeOf(before, one.name)) continue
    const blank = /^\s+/.exec(was.text.slice(one.start, one.end))![0]
    const put = next === undefined ? '' : `${blank}${one.name}="${next}"`
    tag = tag.slice(0, one.start - old.start) + put + tag.slice(one.end - old.start)
  }
  const fresh = now.attributes.filter((one) => attributeOf(old, one.name) === undefined && attributeOf(before, one.name) !== one.value)
  return tag.replace(/\s*\/?>$/, (end) => fresh.map((one) => ` ${one.name}="${one.value}"`).join('') + end)
}

/** The children with their changes; null when what has no id stands in another order now, as the points of a line may. */
function mergedChildren(was: Tree, base: Tree, next: Tree, old: Element, before: Element, now: Element): string | null {
  const fromFile = pairs(was, old.children, base, before.children)
  const fromNow = pairs(base, before.children, next, now.children)
  if (isReordered(fromFile, old.children, before.children) || isReordered(fromNow, before.children, now.children)) return null
  const lead = leads(was, old)
  const indent = indentOf(was, old)
  const written = new Map<Element, string>() // by the element of the file
  const after = new Map<Element | null, string[]>() // new ones, behind an element of the file
  const oldOf = new Map<Element, Element>() // by the element of now
  for (const one of old.children) {
    const known = fromFile.get(one)
    const later = known && fromNow.get(known)
    if (known && !later) continue // taken away
    written.set(one, lead.get(one)! + (known && later ? merge(was, base, next, one, known, later) : was.text.slice(one.start, one.end)))
    if (later) oldOf.set(later, one)
  }
  const kept = new Set(fromFile.values())
  const came = new Map([...fromNow].map(([earlier, later]) => [later, earlier]))
  let last: Element | null = null
  for (const one of now.children) {
    const here = oldOf.get(one)
    if (here) {
      last = here
      continue
    }
    const earlier = came.get(one)
    // The canvas says of itself what the file left out: no change of anybody's.
    if (earlier && !kept.has(earlier) && meaning(base, earlier) === meaning(next, one)) continue
    after.set(last, [...(after.get(last) ?? []), `\n${indent}` + indented(next, one, indent)])
  }
  const parts = [...(after.get(null) ?? [])]
  for (const one of old.children) parts.push(written.get(one) ?? '', ...(after.get(one) ?? []))
  return parts.join('') + trailing(was, old)
}

/** What stands before each child since the one before it: blanks and comments, which are its own. */
function leads(tree: Tree, parent: Element): Map<Element, string> {
  let at = parent.inside
  return new Map(
    parent.children.map((child) => {
      const found = tree.text.slice(at, child.start)
      at = child.end
      return [child, found]
    }),
  )
}

function trailing(tree: Tree, parent: Element): string {
  const last = parent.children.at(-1)
  if (last) return tree.text.slice(last.end, parent.close)
  const inside = parent.inside === parent.end ? '' : tree.text.slice(parent.inside, parent.close)
  return inside.includes('\n') ? inside : `${inside}\n${lineIndent(tree.text, parent.start)}`
}

const lineIndent = (text: string, at: number) => /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))![0]

/** How far the children of an element stand in. */
function indentOf(tree: Tree, parent: Element): string {
  const child = parent.children[0]
  const own = lineIndent(tree.text, parent.start)
  if (!child) return own + '  '
  const found = lineIndent(tree.text, child.start)
  return tree.text.slice(parent.inside, child.start).includes('\n') ? found : own + '  '
}

/** An element as the canvas wrote it, standing in as far as its new neighbours do. */
function indented(tree: Tree, element: Element, indent: string): string {
  const from = lineIndent(tree.text, element.start)
  return tree.text.slice(element.start, element.end).replaceAll(`\n${from}`, `\n${indent}`)
}

/** Which element of one list is which of another: by id, else the equal ones, else by place among those of the name. */
function pairs(tree: Tree, ones: Element[], other: Tree, others: Element[]): Map<Element, Element> {
  const found = new Map<Element, Element>()
  const free = new Set(others)
  const join = (one: Element, another: Element | undefined) => {
    if (another === undefined) return
    found.set(one, another)
    free.delete(another)
  }
  const byId = new Map(others.map((one) => [`${one.name} ${attributeOf(one, 'id') ?? ''}`, one]))
  const nameless = ones.filter((one) => attributeOf(one, 'id') === undefined)
  for (const one of ones) if (attributeOf(one, 'id') !== undefined) join(one, byId.get(`${one.name} ${attributeOf(one, 'id')}`))
  const candidates = (one: Element) => [...free].filter((each) => each.name === one.name && attributeOf(each, 'id') === undefined)
  for (const one of nameless) join(one, candidates(one).find((each) => meaning(other, each) === meaning(tree, one)))
  for (const one of nameless) if (!found.has(one)) join(one, candidates(one)[0])
  return found
}

/** Whether elements without an id come in another order among those of their name. */
function isReordered(pairs: Map<Element, Element>, ones: Element[], others: Element[]): boolean {
  const last = new Map<string, number>()
  return ones.some((one) => {
    const other = pairs.get(one)
    if (!other || attributeOf(one, 'id') !== undefined) return false
    const at = others.indexOf(other)
    const isBefore = at < (last.get(one.name) ?? -1)
    last.set(one.name, at)
    return isBefore
  })
}

/** What an element means, whatever the order of its attributes and of children with different names. */
const meanings = new WeakMap<Element, string>()
function meaning(tree: Tree, element: Element): string {
  const known = meanings.get(element)
  if (known !== undefined) return known
  const attributes = element.attributes.map((one) => `${one.name}=${one.value}`).sort()
  const names = [...new Set(element.children.map((one) => one.name))].sort()
  const children = names.flatMap((name) => element.children.filter((one) => one.name === name).map((one) => meaning(tree, one)))
  const found = JSON.stringify([element.name, attributes, saidBy(tree, element).trim(), children])
  meanings.set(element, found)
  return found
}
