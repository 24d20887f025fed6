// The part of Markdown that the light editor writes: paragraphs, lists, bold, italic, links. More is not read, so that none is lost.

export interface Run {
  text: string
  bold?: boolean
  italic?: boolean
  href?: string
}

export type Line = Run[]

export interface Block {
  is: 'p' | 'ul' | 'ol'
  lines: Line[] // the lines of a paragraph, the items of a list
}

const MORE = /^(#{1,6}\s|>| {4,}\S|```|~~~|\||(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|={3,}$|[ \t]+(?:[-*+]|\d+[.)])\s)|[`~<]|!\[|\]\[|\[\^|\\$|&#?\w+;/m
const ITEM = /^(?:([-*+])|(\d+)[.)])\s+(.*)$/

/** The blocks of a text; null when it has more in it than the editor knows. */
export function parse(text: string): Block[] | null {
  if (MORE.test(text.replace(/\\[\\`*_{}[\]()#+\-.!~<>|&]/g, ''))) return null
  const blocks: Block[] = []
  for (const piece of text.split(/\n{2,}/)) {
    const lines = piece.split('\n').filter((line) => line.trim())
    for (const line of lines) {
      const item = ITEM.exec(line)
      const is = item ? (item[1] ? 'ul' : 'ol') : 'p'
      const runs = parseRuns(item ? item[3]! : line)
      if (!runs) return null
      const last = blocks.at(-1)
      if (last?.is === is && line !== lines[0]) last.lines.push(runs)
      else blocks.push({ is, lines: [runs] })
    }
  }
  return blocks
}

const TOKEN = /\\([\\`*_{}[\]()#+\-.!~<>|&])|(\*\*|__)|([*_])|\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)|((?:[^\\*_[]|\\(?![\\`*_{}[\]()#+\-.!~<>|&]))+)|(\[)/g

function parseRuns(text: string): Line | null {
  const runs: Line = []
  let bold = false
  let italic = false
  const put = (run: Run) => {
    const marked: Run = { text: run.text, ...(bold ? { bold } : {}), ...(italic ? { italic } : {}), ...(run.href ? { href: run.href } : {}) }
    const last = runs.at(-1)
    if (last && !last.href && !marked.href && !!last.bold === bold && !!last.italic === italic) last.text += marked.text
    else if (marked.text) runs.push(marked)
  }
  for (const [, escaped, strong, emphasis, label, href, plain, bracket] of text.matchAll(TOKEN)) {
    if (escaped !== undefined) put({ text: escaped })
    else if (strong) bold = !bold
    else if (emphasis) italic = !italic
    else if (label !== undefined) {
      if (!isSafe(href ?? '')) return null
      put({ text: label.replace(/\\(.)/g, '$1'), href })
    } else put({ text: plain ?? bracket ?? '' })
  }
  return bold || italic ? null : runs
}

export const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:)\S+$/i.test(href)

export function write(blocks: Block[]): string {
  return blocks
    .map((block) => block.lines.map((line, at) => (block.is === 'ul' ? '- ' : block.is === 'ol' ? `${at + 1}. ` : '') + writeLine(line, block.is === 'p')).join('\n'))
    .filter((text) => text.trim())
    .join('\n\n')
}

function writeLine(line: Line, atStart: boolean): string {
  const text = line.map(writeRun).join('').trim()
  // What would begin a heading or a list is only a sign here.
  return atStart ? text.replace(/^([#+-]|(\d+)([.)]))(?=\s)/, (all, _, digits?: string, sign?: string) => (digits ? `${digits}\\${sign}` : `\\${all}`)) : text
}

function writeRun({ text, bold, italic, href }: Run): string {
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text)!
  if (!inner) return text
  const mark = (bold ? '**' : '') + (italic ? '*' : '')
  const plain = inner!.replace(/[\\`*_[\]~<>|&]/g, '\\$&').replace(/!(?=\\\[)/g, '\\!')
  return before + mark + (href && isSafe(href) ? `[${plain}](${href.replace(/[()\s]/g, encodeURIComponent)})` : plain) + [...mark].reverse().join('') + after
}
