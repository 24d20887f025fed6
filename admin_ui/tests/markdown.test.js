// The light editor's Markdown: read and written without loss, and left alone where it is more than that.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { built } from './support/built.js'

const { modules, remove } = await built('form/markdown', 'form/fence', 'form/idNumber')
after(remove)
const [{ parse, write }, { metres, outside, tooRough }, { isIdNumber }] = modules

for (const text of ['', 'one line', 'two\nlines', 'a\n\nb', '**bold** and *italic*', '***both***', '- one\n- two', '1. one\n2. two', 'see [the page](https://example.com/a_b) now', 'a\n\n- **x**\n- y\n\nb', '1 \\* 2 \\_ 3', '\\- no list', '12\\. no list', 'C:\\\\temp', '中文 **粗** 文'])
  test(`kept: ${JSON.stringify(text)}`, () => assert.equal(write(parse(text)), text))

for (const text of ['# Head', '> said', '```\ncode\n```', '| a | b |', '![x](https://e.com/x.png)', '<b>html</b>', '`code`', '- a\n  - nested', '[bad](javascript:alert)', '**open', '---', '&lt;'])
  test(`shown as text: ${JSON.stringify(text)}`, () => assert.equal(parse(text), null))

test('whatever is typed is read back as it was', () => {
  for (const text of ['*', '**', '_a_', '# x', '- x', '1. x', '[a](b)', '\\', '`', '<i>', '!', '![', '| |', '&amp;', '~~', 'a * b'])
    assert.deepEqual(parse(write([{ is: 'p', lines: [[{ text }]] }])), [{ is: 'p', lines: [[{ text }]] }], text)
})

test('a fence lets in what is near enough', () => {
  const field = { key: 'p', kind: 'location', within: { lat: 31.2, lng: 121.4, metres: 200 }, max_accuracy: 50 }
  assert.ok(Math.abs(metres({ lat: 0, lng: 0 }, { lat: 0, lng: 1 }) - 111195) < 5)
  assert.equal(outside(field, { lat: 31.201, lng: 121.4 }), null)
  assert.deepEqual(outside(field, { lat: 31.21, lng: 121.4 }), { away: 1112, allowed: 200 })
  assert.equal(tooRough(field, { accuracy: 80 }), true)
  assert.equal(tooRough(field, {}), false)
})

test('identity numbers are checked by their last digit and birthday', () => {
  assert.ok(isIdNumber('11010519491231002X'))
  for (const wrong of ['110105194912310021', '11010519491331002X', '1101051949123100', 'x']) assert.ok(!isIdNumber(wrong), wrong)
})
