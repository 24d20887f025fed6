// FEEL text cut into the words that pickers know; names may have spaces, so the names in scope are given.

export type Token = { is: 'name' | 'text' | 'number' | 'word' | 'sign'; text: string }

const SPACE = /\s+/y
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)/y
const TEXT = /"(?:[^"\\\n]|\\.)*"/y
const SIGN = /<=|>=|!=|\.\.|[=<>()[\],@-]/y
// Functions of two words are one word here.
const WORD = /(?:date and time|list contains|starts with|ends with|[\p{L}_][\p{L}\p{N}_]*)/uy
const GOES_ON = /^(?:[\p{L}\p{N}_]|\.[\p{L}_])/u

/** The tokens of a text; null when it has something else in it. */
export function scan(text: string, names: string[]): Token[] | null {
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0] ?? null
  }
  while (at < text.length) {
    const space = take(SPACE)
    if (space) {
      at += space.length
      continue
    }
    const token = nameAt(text, at, longestFirst) ?? first(take)
    if (!token) return null
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function nameAt(text: string, at: number, names: string[]): Token | null {
  const name = names.find((one) => one && text.startsWith(one, at) && !GOES_ON.test(text.slice(at + one.length)))
  // A field may be called `count` or `date`: with a bracket behind it, the function is meant.
  return name === undefined || /^\s*\(/.test(text.slice(at + name.length)) ? null : { is: 'name', text: name }
}

function first(take: (pattern: RegExp) => string | null): Token | null {
  for (const [is, pattern] of [['text', TEXT], ['number', NUMBER], ['word', WORD], ['sign', SIGN]] as const) {
    const text = take(pattern)
    if (text) return { is, text }
  }
  return null
}
