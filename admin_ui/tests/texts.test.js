// Both languages say the same things, every text that is used exists, and no text hides in the code.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = new URL('../src/', import.meta.url).pathname
const read = (path) => readFileSync(join(root, path), 'utf8')
const areas = (language) => readdirSync(join(root, 'i18n', language)).filter((name) => name.endsWith('.json'))
const texts = (language) => areas(language).map((name) => JSON.parse(read(`i18n/${language}/${name}`)))
const zh = Object.assign({}, ...texts('zh-CN'))
const en = Object.assign({}, ...texts('en'))
const sources = readdirSync(root, { recursive: true }).filter((path) => /\.tsx?$/.test(path))
const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
const CJK = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort())
})

test('each key is in one file, and every file is loaded', () => {
  for (const language of ['zh-CN', 'en']) {
    const keys = texts(language).flatMap(Object.keys)
    assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), [])
    const index = read(`i18n/${language}/index.ts`)
    for (const name of areas(language)) assert.ok(index.includes(`'./${name}'`) && index.includes(`...${name.replace('.json', '')}`), name)
  }
})

test('both languages fill in the same blanks', () => {
  for (const key of Object.keys(zh)) assert.deepEqual([...new Set(blanks(en[key]))], [...new Set(blanks(zh[key]))], key)
})

test('no text is empty, and the English ones are English', () => {
  for (const [key, text] of Object.entries(en)) {
    assert.ok(text.trim() && zh[key].trim(), key)
    if (key !== 'prefs.languages' && key !== 'prefs.zh' && key !== 'prefs.language') assert.doesNotMatch(text, CJK, key)
  }
})

test('every key that is used exists', () => {
  for (const path of sources)
    for (const [, key] of read(path).matchAll(/\b(?:t|known)\(\s*'([^']+)'/g)) assert.ok(key in zh, `${path}: ${key}`)
})

test('every key made at run time has its family', () => {
  for (const path of sources)
    for (const [, family] of read(path).matchAll(/\b(?:t|known)\(\s*`([^`$]+)\$\{/g))
      assert.ok(Object.keys(zh).some((key) => key.startsWith(family)), `${path}: ${family}`)
})

test('every text is used', () => {
  const all = sources.map(read).join('\n')
  const families = [...all.matchAll(/`([a-zA-Z]+\.(?:[a-zA-Z]+\.)?)\$\{/g)].map((match) => match[1])
  const unused = Object.keys(zh).filter((key) => !all.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)))
  assert.deepEqual(unused, [])
})

test('no text hides in the code', () => {
  for (const path of sources) assert.doesNotMatch(read(path), CJK, path)
})
