// Conditions go from pickers to FEEL and back without a change of meaning; what is more than pickers say is not read.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { evaluate } from 'feelin'
import { built } from './support/built.js'

const { modules, remove } = await built('feel/read', 'feel/write', 'feel/condition', 'feel/scan')
after(remove)
const [{ read }, { write }, { operatorsFor }] = modules

const FIELDS = [
  { name: 'amount', label: 'Amount', kind: 'money' },
  { name: 'limit', label: 'Limit', kind: 'number' },
  { name: 'kind', label: 'Kind', kind: 'choice', options: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }] },
  { name: 'tags', label: 'Tags', kind: 'choices' },
  { name: 'urgent', label: 'Urgent', kind: 'boolean' },
  { name: 'title', label: 'Title', kind: 'text' },
  { name: 'day', label: 'Day', kind: 'date' },
  { name: 'until', label: 'Until', kind: 'date' },
  { name: 'at', label: 'At', kind: 'datetime' },
  { name: 'lines', label: 'Lines', kind: 'table' },
  { name: 'who', label: 'Who', kind: 'user' },
  { name: 'total', label: 'Total', kind: 'computed' },
  { name: 'count', label: 'Count', kind: 'number' },
  { name: 'ticket.priority', label: 'Priority', kind: 'choice' },
  { name: '客户 等级', label: 'Level', kind: 'text' },
]

// [text, what pickers write for it (the same text where left out)]
const READABLE = [
  ['amount > 1000'], ['amount >= 0.5'], ['amount = -3'], ['1000 < amount', 'amount > 1000'], ['"a" = kind', 'kind = "a"'],
  ['amount > limit'], ['amount in [1..5]'], ['amount between 1 and 5', 'amount in [1..5]'], ['limit in (1, 2, 3)'],
  ['kind = "a"'], ['kind != "a"'], ['kind in ("a", "b")'], ['kind in ["a", "b"]', 'kind in ("a", "b")'], ['not(kind in ("a"))'],
  ['kind = null'], ['kind != null'], ['list contains(tags, "x")'], ['not(list contains(tags, "x"))'],
  ['urgent', 'urgent = true'], ['urgent = true'], ['urgent = false'], ['urgent != true'],
  ['contains(title, "E07")'], ['not(contains(title, "E07"))'], ['starts with(title, "E")'], ['ends with(title, "7")'], ['title = "say \\"hi\\""'],
  ['day = date("2026-03-02")'], ['day < @"2026-03-02"', 'day < date("2026-03-02")'], ['day >= today()'], ['day <= until'], ['day in [date("2026-01-01")..date("2026-12-31")]'],
  ['at < now()'], ['at > date and time("2026-03-02T10:00:00Z")'],
  ['count(lines) > 0'], ['count(lines) = 2'], ['lines = null'], ['count > 3'], ['count(lines) > 0 and count > 3'],
  ['who = "zhoumin"'], ['who in ("zhoumin", "sunqian")'], ['total > 10'], ['total = "x"'],
  ['ticket.priority = "P1"'], ['客户 等级 = "VIP"'], ['客户 等级 = "VIP" and ticket.priority in ("P0", "P1")'],
  ['amount > 1 and kind = "a"'], ['amount > 1 or kind = "a"'], ['amount > 1 and kind = "a" and urgent = true'],
  ['amount > 1 and (kind = "a" or kind = "b")'], ['(amount > 1 and kind = "a") or urgent = true'],
  ['amount > 1 and kind = "a" or urgent = true', '(amount > 1 and kind = "a") or urgent = true'],
  ['not(amount > 1)'], ['not(amount > 1 and kind = "a")'], ['not(amount > 1 or kind = "a")'], ['not(not(amount > 1))'],
  ['amount > 1 and not(kind = "a" or urgent = true)'], ['((amount > 1))', 'amount > 1'], ['= amount > 1', 'amount > 1'], ['  amount>1  ', 'amount > 1'],
  ['not(kind = "a") or (amount > 1 and (urgent = true or title = "x"))'], ['not(not(kind in ("a")))', 'not(not(kind in ("a")))'],
]

const MORE_THAN_PICKERS = [
  'amount + 1 > 2', 'amount > limit * 2', 'if urgent then true else false', 'unknown = 1', 'some x in lines satisfies x.price > 3', 'sum(lines.price) > 3',
  'amount = "5"', 'kind = 5', 'day > "2026-01-01"', 'not(urgent)', 'not(amount between 1 and 5)', 'amount in (1..5)', 'amount in ]1..5]', 'kind in ("a", limit)',
  'amount > 1 and', 'amount >', '(amount > 1', 'amount > 1)', 'amount > 1 // why', 'tags[1] = "a"', 'title = "a" + "b"', 'ticket.number = "1"', 'amounts > 1',
  'upper case(title) = "A"', 'amount > 12345678901234567890', 'true', '5', 'title', 'day = date("soon")', 'kind > null', '{a: 1}', 'amount > 1 xor urgent', '"a', 'at < now() - duration("P1D")',
]

const SCOPES = [
  {},
  { amount: 2, limit: 1, kind: 'a', tags: ['x'], urgent: true, title: 'E07', lines: [{}, {}], who: 'zhoumin', total: 11, count: 4, ticket: { priority: 'P1' }, '客户 等级': 'VIP' },
  { amount: 5000, limit: 9000, kind: 'b', tags: [], urgent: false, title: 'x', lines: [], who: 'other', total: 'x', count: 0, ticket: { priority: 'P3' }, '客户 等级': 'C' },
  { amount: -3, limit: null, kind: null, tags: null, urgent: null, title: null, lines: null, who: null, total: null, count: null, ticket: { priority: null }, '客户 等级': null },
]
const empty = Object.fromEntries(FIELDS.map((field) => [field.name, null]))
const truth = (text, scope) => evaluate(text.replace(/^=/, ''), { ...empty, ticket: {}, ...scope }).value === true

for (const [text, written = text] of READABLE)
  test(`read and written: ${text}`, () => {
    const condition = read(text, FIELDS)
    assert.ok(condition, 'not read')
    assert.equal(write(condition), written)
    assert.deepEqual(read(written, FIELDS) && write(read(written, FIELDS)), written)
    for (const scope of SCOPES) assert.equal(truth(written, scope), truth(text, scope), JSON.stringify(scope))
  })

for (const text of MORE_THAN_PICKERS) test(`left as text: ${text}`, () => assert.equal(read(text, FIELDS), null))

test('no text is no condition', () => {
  assert.deepEqual(read('', FIELDS), { is: 'group', join: 'and', not: false, items: [] })
  assert.equal(write(read('=', FIELDS)), '')
})

test('what is not complete yet is not written', () => {
  const half = { is: 'test', field: 'amount', operator: '>', value: null }
  const whole = { is: 'test', field: 'kind', operator: '=', value: { as: 'text', value: 'a' } }
  assert.equal(write({ is: 'group', join: 'and', not: false, items: [half] }), '')
  assert.equal(write({ is: 'group', join: 'or', not: true, items: [half, whole] }), 'not(kind = "a")')
  assert.equal(write({ is: 'group', join: 'and', not: false, items: [whole, { is: 'group', join: 'or', not: false, items: [half, whole] }] }), 'kind = "a" and kind = "a"')
})

test('every operator of every kind is read back as it was picked', () => {
  const scalarFor = (field) => ({ money: { as: 'number', value: 1.5 }, number: { as: 'number', value: -2 }, computed: { as: 'number', value: 3 }, boolean: { as: 'flag', value: false }, date: { as: 'date', value: '2026-03-02' }, datetime: { as: 'datetime', value: '2026-03-02T10:00:00+08:00' }, table: { as: 'number', value: 2 } })[field.kind] ?? { as: 'text', value: 'a "quoted" \\ 文' }
  for (const field of FIELDS)
    for (const operator of operatorsFor(field)) {
      const one = operator === 'contains' ? { as: 'text', value: 'x' } : scalarFor(field)
      const value = operator === 'empty' || operator === 'filled' ? null : operator === 'between' ? { as: 'range', from: one, to: one } : operator === 'in' || operator === 'not-in' ? { as: 'list', items: [one, one] } : one
      const picked = { is: 'group', join: 'and', not: false, items: [{ is: 'test', field: field.name, operator, value }] }
      assert.deepEqual(read(write(picked), FIELDS), picked, write(picked))
    }
})
