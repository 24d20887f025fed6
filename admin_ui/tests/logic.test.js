// The rules of forms mean the same here as on the server: the shared cases, worked out by the browser's code.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const root = new URL('..', import.meta.url).pathname
// Inside the project, so that feelin is found.
const built = mkdtempSync(join(root, 'node_modules', '.logic-test-'))
after(() => rmSync(built, { recursive: true }))

for (const name of ['model', 'logic', 'feel']) {
  const source = readFileSync(join(root, 'src/form', name + '.ts'), 'utf8')
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
  writeFileSync(join(built, name + '.mjs'), outputText.replace(/from '\.\/(\w+)'/g, "from './$1.mjs'"))
}
const load = (name) => import(pathToFileURL(join(built, name + '.mjs')).href)
const { settle } = await load('logic')
const feel = await load('feel')

const { forms, cases } = JSON.parse(readFileSync(join(root, '../tests/form_cases.json'), 'utf8'))
const isRuled = (field) => ['shown', 'computed', 'default'].some((rule) => typeof field[rule] === 'string' && field[rule].startsWith('=')) || field.columns?.some(isRuled)
const pick = (values, fields) =>
  Object.fromEntries(fields.filter((field) => values[field.key] !== undefined && values[field.key] !== null).map((field) => [field.key, values[field.key]]))

let compared = 0
for (const one of cases) {
  const form = typeof one.form === 'string' ? forms[one.form] : one.form
  if (!one.values || one.access || !form?.fields.some(isRuled)) continue
  const fields = form.fields.filter(isRuled)
  compared++
  test(`${one.name ?? one.about ?? 'case'}: the browser works out what the server does`, () => {
    const { values } = settle(form, { ...one.before, ...one.answers }, feel, one.scope ?? {})
    assert.deepEqual(pick(values, fields), pick(one.values, fields))
  })
}

test('there are cases to compare', () => assert.ok(compared > 0))
