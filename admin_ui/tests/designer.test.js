// What the process designer reads and writes as text: the manifest, lengths of time, approvers.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'smol-toml'
import { built } from './support/built.js'

const { modules, remove } = await built('features/design/process/manifest', 'features/design/process/duration', 'features/design/process/approvers', 'features/design/process/newType')
after(remove)
const [manifest, duration, approvers, newType] = modules

const samples = new URL('../../samples/', import.meta.url).pathname
const files = readdirSync(samples, { recursive: true })
const manifests = files.filter((path) => path.endsWith('package.toml')).map((path) => [path, readFileSync(join(samples, path), 'utf8')])
const plain = (text) => JSON.parse(JSON.stringify(parse(text)))
const changedLines = (one, other) => other.split('\n').filter((line) => !one.split('\n').includes(line)).length

for (const [path, text] of manifests) {
  test(`${path}: a status is added with one line, and nothing else changes`, () => {
    const next = manifest.withStatus(text, { key: 'parts', category: 'waiting', label: { 'zh-CN': '等备件', en: 'Waiting "for" parts' } })
    assert.equal(changedLines(text, next), 1)
    const wanted = plain(text)
    wanted.statuses.parts = { 'category': 'waiting', 'zh-CN': '等备件', 'en': 'Waiting "for" parts' }
    assert.deepEqual(plain(next), wanted)
  })

  test(`${path}: a value at the top is set and taken out`, () => {
    const next = manifest.withValue(text, 'department', manifest.quoted('hr'))
    assert.equal(parse(next).department, 'hr')
    assert.equal(changedLines(text, next), 1)
    assert.equal('department' in parse(manifest.withValue(next, 'department', null)), false)
  })

  test(`${path}: statuses, groups and names are read`, () => {
    const read = manifest.readManifest(text)
    assert.deepEqual(read.statuses.map((one) => one.key), Object.keys(parse(text).statuses))
    assert.equal(read.number, parse(text).number)
    assert.deepEqual(read.groups.map((one) => one.key), Object.keys(parse(text).groups ?? {}))
  })
}

test('a manifest without statuses keeps the usual ones when one is added', () => {
  const next = manifest.withStatus('key = "a"\nname = "A"\n', { key: 'parts', category: 'waiting', label: { en: 'Parts' } })
  assert.deepEqual(Object.keys(parse(next).statuses), ['open', 'closed', 'parts'])
})

test('a text that is no TOML has no manifest', () => assert.equal(manifest.readManifest('key = '), null))

test('keys come from English names, and are never given twice', () => {
  assert.equal(manifest.keyFrom('Printer repair', 'type', []), 'printer_repair')
  assert.equal(manifest.keyFrom('Printer repair', 'type', ['printer_repair']), 'printer_repair_2')
  assert.equal(manifest.keyFrom('打印机', 'type', ['type_1']), 'type_2')
})

test('lengths of time are read and written back; more than count and unit is left alone', () => {
  for (const text of ['PT15M', 'PT4H', 'P3D', 'P2W']) assert.equal(duration.writeLength(duration.readLength(text)), text)
  for (const text of ['P1DT2H', 'P1Y', '=x', '']) assert.equal(duration.readLength(text), null)
})

test('set times each week are read and written back', () => {
  assert.deepEqual(duration.readWeekly('30 9 * * 1-5'), { minute: 30, hour: 9, days: [1, 2, 3, 4, 5] })
  assert.equal(duration.writeWeekly(duration.readWeekly('0 18 * * *')), '0 18 * * *')
  assert.equal(duration.writeWeekly({ hour: 9, minute: 0, days: [1, 3] }), '0 9 * * 1,3')
  for (const text of ['*/5 * * * *', '0 9 1 * *', 'R3/PT1H', '99 9 * * *']) assert.equal(duration.readWeekly(text), null)
})

test('approvers are read as parties and written back', () => {
  const texts = ['manager:1', 'manager:1-3', 'users:zhang,li', 'group:purchase_finance; group:purchase_legal', 'department_head', 'field:chosen', 'choose:group:board', 'role:manager', 'decision:approval_levels', 'previous', '=if a then b else c', 'strange:thing']
  for (const text of texts) assert.equal(approvers.writeApprovers(approvers.readApprovers(text)), text)
  assert.equal(approvers.readApprovers('strange:thing')[0].source, 'formula')
})

test('how many have to agree is read and written back', () => {
  for (const text of ['all', 'any', 'sequential', 'count:2', 'percent:60']) assert.equal(approvers.writeNeed(approvers.readNeed(text)), text)
  assert.equal(approvers.readNeed('=x'), null)
})

test('a new type is three files that can be read', () => {
  const words = { 'zh-CN': '名 & "字"', en: 'Name' }
  const statuses = Object.fromEntries(['handling', 'waiting', 'done', 'rejected'].map((one) => [one, words]))
  const made = newType.filesOf({ key: 'a_b', zh: '甲 "乙" <丙>', en: '', prefix: 'AB', department: 'it', icon: null }, { form: words, title: words, statuses, process: { start: words, handle: words, end: words } })
  const read = manifest.readManifest(made['package.toml'])
  assert.deepEqual(read.name, { 'zh-CN': '甲 "乙" <丙>', en: '甲 "乙" <丙>' })
  assert.deepEqual(read.statuses.map((one) => one.category), ['open', 'waiting', 'closed', 'cancelled'])
  assert.equal(JSON.parse(made['forms/report.json']).fields.length, 1)
  assert.ok(made['process.bpmn'].includes('名 &amp; &quot;字&quot;'))
})
