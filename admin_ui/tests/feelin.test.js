// The browser's FEEL gives what the server's gives: the shared cases, but for those that are marked.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { evaluate } from 'feelin'

const cases = JSON.parse(readFileSync(new URL('../../tests/feel_cases.json', import.meta.url), 'utf8'))

function plain(expression, context) {
  try {
    const { value } = evaluate(expression, context)
    return JSON.parse(JSON.stringify(value === undefined ? null : value))
  } catch (error) {
    return `cannot: ${error.message}`
  }
}

// "differs": the library is not where the standard is, and the server is. "does not end": it never comes back.
for (const { section, expression, context, result, feelin } of cases) {
  if (feelin === 'does not end') continue
  test(`${section}: ${expression}`, () => {
    const found = plain(expression, context)
    if (feelin) assert.notDeepEqual(found, result, 'the library agrees by now: take the mark away')
    else assert.deepEqual(found, result)
  })
}
