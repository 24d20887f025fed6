// The form designer's edits: the text keeps every byte that was not changed, the document what it does not know.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { built } from './support/built.js'

const { modules, remove } = await built('features/design/forms/jsonText', 'features/design/forms/document', 'form/model', 'bpmn/properties')
after(remove)
const [{ patched, formatted }, doc, , { stepsOf, withProperty, withAccess, accessOf }] = modules

const samples = new URL('../../samples/', import.meta.url).pathname
const files = readdirSync(samples, { recursive: true })
const forms = files.filter((path) => /forms\/[^/]+\.json$/.test(path)).map((path) => [path, readFileSync(join(samples, path), 'utf8')])
const diagrams = files.filter((path) => path.endsWith('.bpmn')).map((path) => [path, readFileSync(join(samples, path), 'utf8')])
const changedLines = (one, other) => {
  const [a, b] = [one.split('\n'), other.split('\n')]
  return b.filter((line) => !a.includes(line)).length
}

for (const [path, text] of forms) {
  test(`${path}: written back unchanged it is the same text`, () => assert.equal(patched(text, JSON.parse(text)), text))

  test(`${path}: one changed label changes one line`, () => {
    const form = JSON.parse(text)
    form.fields[0].label = { ...form.fields[0].label, en: 'Changed' }
    const after = patched(text, form)
    assert.deepEqual(JSON.parse(after), form)
    assert.ok(changedLines(text, after) <= 1, after)
  })

  test(`${path}: every field can be moved, copied and taken out`, () => {
    const form = JSON.parse(text)
    for (const { key } of form.fields) {
      const path = doc.pathOf(form, key)
      for (const by of [1, -1]) {
        const moved = doc.shift(form, path, by)
        assert.ok(doc.pathOf(moved, key), key)
        assert.equal(moved.fields.length, form.fields.length)
      }
      const copied = doc.duplicateField(form, key)
      assert.equal(copied.form.fields.length, form.fields.length + 1)
      assert.ok(doc.pathOf(copied.form, copied.key))
      const left = doc.removeField(copied.form, copied.key)
      assert.equal(doc.pathOf(left, copied.key), null)
      assert.deepEqual(left.fields, form.fields)
    }
  })
}

test('what a form has beside what the designer knows stays', () => {
  const text = '{\n  "key": "f",\n  "title": "F",\n  "x-ours":   {"a": 1.0},\n  "fields": [\n    {"key": "a", "kind": "text", "label": "A", "x": [ 1 ]},\n    {"key": "b", "kind": "text", "label": "B"}\n  ]\n}\n'
  const form = doc.changeField(JSON.parse(text), 'b', { required: true })
  assert.equal(patched(text, form), text.replace('"label": "B"}', '"label": "B", "required": true}'))
})

test('a new field is written as the samples are', () => {
  const text = '{\n  "key": "f",\n  "title": "F",\n  "fields": [\n    {"key": "a", "kind": "text", "label": "A"}\n  ]\n}\n'
  const form = doc.addField(JSON.parse(text), { key: 'b', kind: 'date', label: 'B' }, [1])
  assert.equal(patched(text, form), text.replace('"label": "A"}', '"label": "A"},\n    {"key": "b", "kind": "date", "label": "B"}'))
  const first = doc.addField(JSON.parse(text), { key: 'b', kind: 'date', label: 'B' }, [0])
  assert.deepEqual(first.layout, ['b', 'a'])
  assert.equal(formatted({ a: [] }), '{"a": []}')
})

const FORM = { key: 'f', fields: ['a', 'b', 'c', 'd'].map((key) => ({ key, kind: 'text' })), layout: ['a', { row: ['b', 'c'] }, { group: 'G', items: ['d'] }] }

test('places are found and used', () => {
  assert.deepEqual(doc.pathOf(FORM, 'c'), [1, 1])
  assert.deepEqual(doc.moveTo(FORM, [0], [1, 1]).layout, [{ row: ['b', 'a', 'c'] }, { group: 'G', items: ['d'] }])
  assert.deepEqual(doc.moveTo(FORM, [1, 0], [2, 1]).layout, ['a', 'c', { group: 'G', items: ['d', 'b'] }])
  assert.deepEqual(doc.moveTo(FORM, [2], [0]).layout, [{ group: 'G', items: ['d'] }, 'a', { row: ['b', 'c'] }])
  assert.deepEqual(doc.moveTo(FORM, [2], [2, 0]), FORM)
  assert.deepEqual(doc.shift(FORM, [2, 0], -1).layout, ['a', { row: ['b', 'c'] }, 'd', { group: 'G', items: [] }])
  assert.deepEqual(doc.dissolve(FORM, [2]).layout, ['a', { row: ['b', 'c'] }, 'd'])
  assert.deepEqual(doc.toggleBeside(FORM, 'b').layout, ['a', 'c', 'b', { group: 'G', items: ['d'] }])
  assert.deepEqual(doc.toggleBeside(doc.dissolve(FORM, [2]), 'd').layout, ['a', { row: ['b', 'c', 'd'] }])
  assert.deepEqual(doc.insertAt(FORM, [1, 0], { group: 'N', items: [] }).layout[1], { group: 'N', items: [] })
})

test('a field that is renamed is renamed in everything that reads it', () => {
  const form = { key: 'f', fields: [{ key: 'a', kind: 'number' }, { key: 'b', kind: 'text', shown: '= a > 1 and x.a = "a" and ab = 1', rules: [{ check: '=b = a', message: 'no' }] }], layout: ['a', 'b'], examples: [{ name: 'E', values: { a: 1 } }] }
  assert.deepEqual(doc.renameField(form, 'a', 'z'), { key: 'f', fields: [{ key: 'z', kind: 'number' }, { key: 'b', kind: 'text', shown: '= z > 1 and x.a = "a" and ab = 1', rules: [{ check: '=b = z', message: 'no' }] }], layout: ['z', 'b'], examples: [{ name: 'E', values: { z: 1 } }] })
})

for (const [path, xml] of diagrams)
  test(`${path}: a step's access changes its property and nothing else`, () => {
    const steps = stepsOf(xml)
    for (const step of steps) {
      const set = withAccess(xml, step.id, 'symptom', 'read')
      assert.equal(accessOf(stepsOf(set).find((one) => one.id === step.id)).symptom, 'read')
      assert.ok(changedLines(xml, set) <= 1)
      if (!('symptom' in accessOf(step))) assert.equal(withAccess(set, step.id, 'symptom', null), xml)
    }
    assert.equal(withProperty(xml, 'nobody', 'form', 'x'), xml)
  })

test('a step without any property gets its first one', () => {
  const xml = '<definitions xmlns="b">\n  <process id="p">\n    <userTask id="t" name="A &amp; B"/>\n  </process>\n</definitions>\n'
  const set = withProperty(xml, 't', 'form', 'say "hi" & <go>')
  assert.deepEqual(stepsOf(set), [{ id: 't', name: 'A & B', properties: { form: 'say "hi" & <go>' } }])
  assert.ok(set.includes('xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'))
  assert.deepEqual(stepsOf('<a><b></a>'), [])
})
