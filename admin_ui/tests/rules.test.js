// Cells of rules go from pickers to FEEL and back; tables change without losing where their parts came from.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { unaryTest } from 'feelin'
import { built } from './support/built.js'

const { modules, remove } = await built('feel/cells', 'feel/write', 'feel/condition', 'feel/scan', 'features/design/rules/table')
after(remove)
const [{ readCell, writeCell, readResult, readValues, fromPlain, resultFromPlain }, , , , table] = modules

// [kind, text, what is written for it (the same where left out)]
const READABLE = [
  ['text', '"a"'], ['text', '"a","b"'], ['text', '"a" , "b"', '"a","b"'], ['text', 'not("a","b")'], ['text', '-'], ['text', '', '-'], ['text', 'null'], ['text', 'not(null)'],
  ['text', '"say \\"hi\\", 中文"'], ['text', '"not"'], ['text', '"-"'],
  ['number', '5'], ['number', '-5'], ['number', '1,2,3'], ['number', '>= 10'], ['number', '>=10', '>= 10'], ['number', '< -1.5'], ['number', '[1..5]'], ['number', '(1..5)'], ['number', ']1..5[', '(1..5)'], ['number', '[1..5)'], ['number', 'not(1,2)'],
  ['boolean', 'true'], ['boolean', 'false'], ['boolean', 'not(true)'],
  ['date', 'date("2026-03-02")'], ['date', '@"2026-03-02"', 'date("2026-03-02")'], ['date', '> date("2026-03-02")'], ['date', '[date("2026-01-01")..date("2026-12-31")]'],
  ['datetime', '< date and time("2026-03-02T10:00:00Z")'], ['time', '>= time("08:00:00")'],
]
const MORE_THAN_PICKERS = [
  ['text', 'a'], ['text', '5'], ['text', 'starts with(?, "a")'], ['text', '"a", b'], ['text', '> 5'], ['number', '"5"'], ['number', '> limit'], ['number', '1 + 2'], ['number', '> 1, < 5'], ['number', 'not(> 5)'], ['number', '[1..'],
  ['number', '12345678901234567890'], ['date', 'today()'], ['date', '"2026-03-02"'], ['text', 'null,"a"'], ['text', '"a'], ['boolean', 'yes'], ['number', '= 5'], ['text', 'not("a"'],
]

for (const [kind, text, written = text] of READABLE)
  test(`read and written: ${kind} ${text}`, () => {
    const cell = readCell(text, kind)
    assert.ok(cell, 'not read')
    assert.equal(writeCell(cell), written)
    assert.deepEqual(readCell(written, kind), cell)
  })
for (const [kind, text] of MORE_THAN_PICKERS) test(`left as text: ${kind} ${text}`, () => assert.equal(readCell(text, kind), null))

test('what is written means the same as what was read', () => {
  for (const [kind, text, written = text] of READABLE.filter(([kind, text]) => text && ['text', 'number'].includes(kind) && !text.includes('hi') && !text.startsWith(']')))
    for (const value of ['a', 'b', 'x', '-', 'not', null, 5, -5, 1, 3, 10, -2]) {
      if (text === '-' || kind !== (typeof value === 'number' ? 'number' : 'text')) continue
      assert.equal(unaryTest(written, { '?': value }).value ?? null, unaryTest(text, { '?': value }).value ?? null, `${text} ${value}`)
    }
})

const PLAIN = [
  ['text', 'network', '"network"'], ['text', 'a, b', '"a","b"'], ['text', '甲、乙', '"a","b"'], ['text', '不是 甲', 'not("a")'], ['text', '', '-'], ['text', '"kept"', '"kept"'],
  ['number', '10', '10'], ['number', '≥10', '>= 10'], ['number', '10-60', '[10..60]'], ['number', '10 – 60', '[10..60]'], ['number', '10 ~ 60', '[10..60]'], ['number', '> 5', '> 5'], ['number', 'many', 'many'],
  ['date', '2026/3/2', 'date("2026-03-02")'], ['boolean', '是', 'true'],
]
const LABELS = { 甲: 'a', 乙: 'b', 是: 'true' }
for (const [kind, plain, text] of PLAIN) test(`typed: ${kind} ${plain}`, () => assert.equal(fromPlain(plain, kind, (label) => LABELS[label] ?? label), text))

test('outputs are plain values or text', () => {
  assert.equal(readResult('null', 'text'), undefined)
  assert.deepEqual(readResult('"x"', 'text'), { as: 'text', value: 'x' })
  assert.equal(readResult('["x"]', 'text'), null)
  assert.equal(resultFromPlain('night', 'text'), '"night"')
  assert.equal(resultFromPlain('["x"]', 'number'), '["x"]')
  assert.deepEqual(readValues('"a","b"').map((one) => one.value), ['a', 'b'])
  assert.equal(readValues('[1..5]'), null)
})

const DOCUMENT = {
  name: 'n', hit_policy: 'FIRST', aggregation: '',
  inputs: [{ source: 0, expression: 'a', label: 'A', type: 'string', values: '' }],
  outputs: [{ source: 0, name: 'x', label: '', type: 'string', values: '', default: '' }],
  notes: [],
  rules: [{ source: 0, tests: ['"p"'], results: ['1'], notes: [], description: 'd' }, { source: 1, tests: ['-'], results: ['2'], notes: [], description: '' }],
}

test('a table goes in and comes out the same', () => {
  const opened = table.opened(DOCUMENT)
  assert.deepEqual(table.document(opened, table.placedAs(opened)), DOCUMENT)
})

test('what moves, comes and goes says where it was', () => {
  const opened = table.opened(DOCUMENT)
  const placed = table.placedAs(opened)
  const sources = (one) => table.document(one, placed).rules.map((rule) => rule.source)
  assert.deepEqual(sources(table.moveRule(opened, 0, 1)), [1, 0])
  assert.deepEqual(sources(table.copyRule(opened, 0)), [0, null, 1])
  assert.deepEqual(sources(table.removeRule(opened, 0)), [1])
  assert.equal(table.moveRule(opened, 0, -1), opened)
  const wider = table.putColumn(opened, { key: 'new', part: 'inputs', expression: 'b', label: '', type: '', values: '', fallback: '' })
  const made = table.document(wider, placed)
  assert.deepEqual(made.inputs.map((one) => one.source), [0, null])
  assert.deepEqual(made.rules[0].tests, ['"p"', '-'])
  assert.deepEqual(table.document(table.moveColumn(wider, 'new', -1), placed).rules[0].tests, ['-', '"p"'])
  assert.deepEqual(table.document(table.removeColumn(wider, 'new'), placed), DOCUMENT)
})

test('a spreadsheet is pasted over the table and beyond its end', () => {
  const opened = table.opened(DOCUMENT)
  const made = table.pasted(opened, 1, 0, table.gridOf('q\t3\tremark\r\nr\t4\r\n'), (column, plain) => (column.part === 'inputs' ? `"${plain}"` : plain))
  assert.deepEqual(made.rules.map((rule) => Object.values(rule.cells)), [['"p"', '1'], ['"q"', '3'], ['"r"', '4']])
  assert.equal(made.rules[1].description, 'remark')
  assert.deepEqual(table.gridOf('"a","b"\t"two\nlines"\t"say ""x"""'), [['"a","b"', 'two\nlines', 'say "x"']])
})
