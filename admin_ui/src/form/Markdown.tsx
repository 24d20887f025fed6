// A Markdown text as it is read; what the light reader does not know is shown as it was written.
import { parse, type Block, type Line } from './markdown'

export function Markdown({ text }: { text: string }) {
  const blocks = parse(text)
  if (!blocks) return <span className="prose">{text}</span>
  return <div className="rich">{blocks.map(blockView)}</div>
}

function blockView(block: Block, at: number) {
  if (block.is === 'p') return <p key={at}>{block.lines.map((line, n) => [n > 0 && <br key={`br${n}`} />, <span key={n}>{lineView(line)}</span>])}</p>
  const List = block.is
  return (
    <List key={at}>
      {block.lines.map((line, n) => (
        <li key={n}>{lineView(line)}</li>
      ))}
    </List>
  )
}

const lineView = (line: Line) =>
  line.map((run, at) => {
    const inner = run.bold ? <strong>{run.italic ? <em>{run.text}</em> : run.text}</strong> : run.italic ? <em>{run.text}</em> : run.text
    return run.href ? (
      <a key={at} href={run.href} target="_blank" rel="noreferrer noopener">
        {inner}
      </a>
    ) : (
      <span key={at}>{inner}</span>
    )
  })
