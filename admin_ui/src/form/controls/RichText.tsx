// A light editor: bold, italic, lists, links; it writes Markdown, and shows Markdown where a text has more in it.
import { Bold, Italic, Link2, List, ListOrdered } from 'lucide-react'
import { useEffect, useRef, type ClipboardEvent } from 'react'
import { t } from '../../i18n/t'
import { icon14, IconButton } from '../../ui/bits'
import { isSafe, parse, write, type Block, type Line, type Run } from '../markdown'
import { aria, type ControlProps } from './props'
import { TextArea } from './texts'

export default function RichText(props: ControlProps) {
  const text = (props.value as string | null) ?? ''
  return parse(text) ? <Editor {...props} /> : <TextArea {...props} />
}

function Editor(props: ControlProps) {
  const { value, onChange, field } = props
  const text = (value as string | null) ?? ''
  const area = useRef<HTMLDivElement>(null)
  const told = useRef<string | null>(null)
  const { status, 'aria-required': _, ...named } = aria(props)
  useEffect(() => {
    // Only what comes from elsewhere is drawn anew: the cursor stays where it is while typing.
    if (area.current && told.current !== text) {
      area.current.replaceChildren(...drawn(parse(text) ?? []))
      told.current = text
    }
  }, [text])
  const tell = () => {
    if (!area.current) return
    told.current = write(blocksIn(area.current))
    onChange(told.current)
  }
  // execCommand is old, but the one way to change a selection that keeps the browser's own undo.
  const run = (command: string, argument?: string) => {
    area.current?.focus()
    document.execCommand(command, false, argument)
    tell()
  }
  const link = () => {
    const href = prompt(t('form.linkTo'), 'https://')
    if (href && isSafe(href)) run('createLink', href)
  }
  const paste = (event: ClipboardEvent) => {
    event.preventDefault()
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain'))
  }
  const tool = (label: string, act: () => void, Icon: typeof Bold) => (
    <IconButton label={label} onMouseDown={(event) => event.preventDefault()} onClick={act}>
      <Icon {...icon14} />
    </IconButton>
  )
  return (
    <div className="rich-editor" data-wrong={status ? '' : undefined}>
      <div className="rich-tools" role="toolbar" aria-label={t('form.format')}>
        {tool(t('form.bold'), () => run('bold'), Bold)}
        {tool(t('form.italic'), () => run('italic'), Italic)}
        {tool(t('form.bullets'), () => run('insertUnorderedList'), List)}
        {tool(t('form.numbers'), () => run('insertOrderedList'), ListOrdered)}
        {tool(t('form.link'), link, Link2)}
      </div>
      <div ref={area} {...named} className="rich rich-area" role="textbox" aria-multiline contentEditable suppressContentEditableWarning style={{ minHeight: `${(field.rows ?? 4) * 22 + 16}px` }} onInput={tell} onBlur={tell} onPaste={paste} />
    </div>
  )
}

/** Blocks as elements of the editor; texts only ever as text. */
function drawn(blocks: Block[]): HTMLElement[] {
  const make = (name: string, children: (Node | string)[]) => {
    const element = document.createElement(name)
    element.append(...children)
    return element
  }
  const runs = (line: Line) =>
    line.map((run) => {
      let node: Node | string = run.text
      if (run.italic) node = make('em', [node])
      if (run.bold) node = make('strong', [node])
      if (!run.href) return node
      const anchor = make('a', [node])
      anchor.setAttribute('href', run.href)
      return anchor
    })
  return blocks.map((block) =>
    block.is === 'p'
      ? make('p', block.lines.flatMap((line, at) => (at ? [document.createElement('br'), ...runs(line)] : runs(line))))
      : make(block.is, block.lines.map((line) => make('li', runs(line)))),
  )
}

/** What stands in the editor, whatever elements the browser made of it. */
function blocksIn(root: HTMLElement): Block[] {
  const blocks: Block[] = []
  let loose: Line[] | null = null
  const close = () => {
    if (loose?.some((line) => line.length)) blocks.push({ is: 'p', lines: loose.filter((line) => line.length) })
    loose = null
  }
  const lineOf = (node: Node, marks: Omit<Run, 'text'>, lines: Line[]): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = (node.textContent ?? '').replace(/[\n\u00a0]/g, ' ')
      if (text) lines.at(-1)!.push({ text, ...marks })
      return
    }
    if (!(node instanceof HTMLElement)) return
    if (node.tagName === 'BR') return void lines.push([])
    const href = node.getAttribute('href')
    const next = { ...marks, ...(['B', 'STRONG'].includes(node.tagName) ? { bold: true } : {}), ...(['I', 'EM'].includes(node.tagName) ? { italic: true } : {}), ...(href && isSafe(href) ? { href } : {}) }
    node.childNodes.forEach((child) => lineOf(child, next, lines))
  }
  for (const node of root.childNodes) {
    const tag = node instanceof HTMLElement ? node.tagName : ''
    if (tag === 'UL' || tag === 'OL') {
      close()
      const items = [...(node as HTMLElement).querySelectorAll('li')].map((item) => {
        const lines: Line[] = [[]]
        item.childNodes.forEach((child) => lineOf(child, {}, lines))
        return lines.flat()
      })
      blocks.push({ is: tag === 'UL' ? 'ul' : 'ol', lines: items.filter((line) => line.length) })
    } else if (tag === 'P' || tag === 'DIV') {
      close()
      // A list may have been made inside of a paragraph.
      if ((node as HTMLElement).querySelector('ul, ol')) blocks.push(...blocksIn(node as HTMLElement))
      else {
        loose = [[]]
        node.childNodes.forEach((child) => lineOf(child, {}, loose!))
        close()
      }
    } else {
      loose ??= [[]]
      lineOf(node, {}, loose)
    }
  }
  close()
  return blocks
}
