// A well-formed XML text as a tree that knows where each element stands in the text.

export interface Attribute {
  name: string
  value: string // as written, between the quotes
  start: number // of the blank before it
  end: number
}

export interface Element {
  name: string
  attributes: Attribute[]
  children: Element[]
  start: number
  inside: number // behind the opening tag
  close: number // before the closing tag; the end of an empty element
  end: number
}

export interface Tree {
  text: string
  root: Element
}

const TAG = /<(?:!--[\s\S]*?-->|!\[CDATA\[[\s\S]*?\]\]>|\?[\s\S]*?\?>|![^>]*>|\/[^>]*>|[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?>)/g
const ATTRIBUTE = /\s+([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** The tree of a text; null for one that is not well-formed, or has a document type. */
export function treeOf(text: string): Tree | null {
  const open: Element[] = []
  let root: Element | null = null
  for (const found of text.matchAll(TAG)) {
    const tag = found[0]
    const start = found.index
    const end = start + tag.length
    if (tag.startsWith('<!DOCTYPE')) return null
    if (tag.startsWith('<!') || tag.startsWith('<?')) continue
    if (tag.startsWith('</')) {
      const element = open.pop()
      if (!element || element.name !== tag.slice(2, -1).trim()) return null
      element.close = start
      element.end = end
      continue
    }
    const element = { name: /^<([^\s/>]+)/.exec(tag)![1]!, attributes: attributesOf(tag, start), children: [], start, inside: end, close: end, end }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else if (root) return null
    else root = element
    if (!tag.endsWith('/>')) open.push(element)
  }
  return root && !open.length ? { text, root } : null
}

function attributesOf(tag: string, at: number): Attribute[] {
  return [...tag.matchAll(ATTRIBUTE)].map((found) => ({ name: found[1]!, value: found[2] ?? found[3] ?? '', start: at + found.index, end: at + found.index + found[0].length }))
}

export const attributeOf = (element: Element, name: string): string | undefined => element.attributes.find((one) => one.name === name)?.value

/** What an element says itself: its text without comments, when it holds no elements. */
export function saidBy(tree: Tree, element: Element): string {
  if (element.children.length) return ''
  const plain = tree.text.slice(element.inside, element.close).replace(/<!--[\s\S]*?-->/g, '')
  return plain.trim() ? plain : ''
}
