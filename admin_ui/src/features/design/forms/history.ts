// Undo and redo of the texts of several files together.

export type Texts = Record<string, string>

export interface History {
  past: Texts[]
  now: Texts
  future: Texts[]
  merge: string | null // edits of the same thing in a row are one step back
}

export type Step = { do: 'set'; texts: Texts; merge: string | null } | { do: 'undo' } | { do: 'redo' } | { do: 'begin'; texts: Texts }

const LONGEST = 200

export const begun = (texts: Texts): History => ({ past: [], now: texts, future: [], merge: null })

export function stepped(history: History, step: Step): History {
  const { past, now, future } = history
  switch (step.do) {
    case 'begin':
      return begun(step.texts)
    case 'set': {
      const next = { ...now, ...step.texts }
      if (Object.keys(next).every((path) => next[path] === now[path])) return history
      const goesOn = step.merge !== null && step.merge === history.merge && past.length > 0
      return { past: goesOn ? past : [...past, now].slice(-LONGEST), now: next, future: [], merge: step.merge }
    }
    case 'undo':
      return past.length ? { past: past.slice(0, -1), now: past.at(-1)!, future: [now, ...future], merge: null } : history
    case 'redo':
      return future.length ? { past: [...past, now], now: future[0]!, future: future.slice(1), merge: null } : history
  }
}
