// Two drawings above each other, at one place and one scale: before and after.
import { useState, type ReactNode } from 'react'
import Diagram, { type DiagramProps } from './Diagram'
import { Together } from './together'

export interface Side extends Omit<DiagramProps, 'together'> {
  head: ReactNode
}

export default function Pair({ before, after, legend }: { before: Side; after: Side; legend?: ReactNode }) {
  const [together] = useState(() => new Together())
  return (
    <div className="pair">
      {[before, after].map(({ head, ...side }, place) => (
        <div key={place} className="diagram-box">
          <Diagram {...side} together={together} />
          <div className="legend pair-head">{head}</div>
          {place === 0 && legend && <div className="legend pair-legend">{legend}</div>}
        </div>
      ))}
    </div>
  )
}
