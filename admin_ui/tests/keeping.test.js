// A BPMN file keeps what the canvas does not write: comments, layout, order; only what changed is taken over.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BpmnModdle } from 'bpmn-moddle'
import { built } from './support/built.js'

const { modules, remove } = await built('bpmn/xmlTree', 'bpmn/keeping', 'bpmn/spiff')
after(remove)
const [{ treeOf }, { keeping }, { spiff }] = modules

const samples = new URL('../../samples/', import.meta.url).pathname
const files = readdirSync(samples, { recursive: true })
  .filter((path) => path.endsWith('.bpmn'))
  .map((path) => [path, readFileSync(join(samples, path), 'utf8')])

const moddle = () => new BpmnModdle({ spiffworkflow: spiff })
const write = async (model, root) => (await model.toXML(root, { format: true })).xml

/** What the canvas would write before and after an edit of its model. */
async function edited(file, edit) {
  const model = moddle()
  const { rootElement } = await model.fromXML(file)
  const before = await write(model, rootElement)
  const process = rootElement.rootElements.find((one) => one.$type === 'bpmn:Process')
  edit({ model, process, plane: rootElement.diagrams[0].plane, root: rootElement })
  return [before, await write(model, rootElement)]
}

const again = async (text) => {
  const model = moddle()
  return write(model, (await model.fromXML(text)).rootElement)
}

const userTask = (process) => process.flowElements.find((one) => one.$type === 'bpmn:UserTask')
const EDITS = {
  'a name': ({ process }) => (userTask(process).name = 'Neu & "anders"'),
  'a property': ({ model, process }) => {
    const task = userTask(process)
    const values = task.extensionElements.values.find((one) => one.$type === 'spiffworkflow:Properties')
    const fresh = model.create('spiffworkflow:Property', { name: 'due', value: 'PT4H' })
    fresh.$parent = values
    values.get('properties').push(fresh)
  },
  'a property taken away': ({ process }) => userTask(process).extensionElements.values[0].get('properties').pop(),
  'a place': ({ plane }) => (plane.planeElement.find((one) => one.bounds).bounds.x += 10),
  'a new step': ({ model, process }) => process.flowElements.push(model.create('bpmn:ManualTask', { id: 'fresh', name: 'Neu' })),
  'a step taken away': ({ process }) => process.flowElements.splice(process.flowElements.findIndex((one) => one.$type === 'bpmn:EndEvent'), 1),
  'points turned round': ({ plane }) => plane.planeElement.find((one) => one.waypoint).waypoint.reverse(),
  'a point more': ({ model, plane }) => {
    const edge = plane.planeElement.find((one) => one.waypoint)
    edge.waypoint.splice(1, 0, model.create('dc:Point', { x: 1, y: 2 }))
  },
}

/** As somebody would write it by hand: remarks, blank lines, quotes and an order of his own. */
const byHand = (text) =>
  text
    .replace(/<bpmn:process ([^>]*)>/, '<!-- our process -->\n\n  <bpmn:process $1>\n    <!-- first -->')
    .replace(/(<bpmn:userTask [^>]*>)/, '<!-- who does it -->\n    $1 <!-- he -->')
    .replace(/<bpmn:sequenceFlow id="([^"]*)" sourceRef="([^"]*)"/, "<bpmn:sequenceFlow sourceRef='$2'\n        id='$1'")
    .replace(/(<bpmndi:BPMNDiagram)/, '<!-- drawn -->\n  $1')

const lines = (text) => text.split('\n').map((line) => line.trim())

for (const [path, source] of files) {
  for (const [how, file] of [['as shipped', source], ['written by hand', byHand(source)]]) {
    test(`${path} ${how}: nothing changed is nothing written`, async () => {
      const [before, now] = await edited(file, () => {})
      assert.equal(keeping(file, before, now), file)
    })
    for (const [name, edit] of Object.entries(EDITS)) {
      test(`${path} ${how}: ${name}`, async () => {
        const [before, now] = await edited(file, edit)
        assert.notEqual(before, now)
        const kept = keeping(file, before, now)
        assert.equal(await again(kept), await again(now)) // the change is there, whole
        for (const remark of file.match(/<!--[\s\S]*?-->/g) ?? []) assert.ok(kept.includes(remark), remark)
        const were = new Set(lines(file))
        const fresh = lines(kept).filter((line) => !were.has(line))
        assert.ok(fresh.length <= 12, fresh.join('\n'))
      })
    }
  }
}

test('an attribute is put in the place of the one before, in the order of the file', async () => {
  const file = '<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL"><d:process isExecutable="true"  id="p"><d:task name=\'a\' id="t"/></d:process></d:definitions>'
  const before = file.replace("name='a' id=\"t\"", 'id="t" name="a"')
  const now = before.replace('name="a"', 'name="b"')
  assert.equal(keeping(file, before, now), file.replace("name='a'", 'name="b"'))
})

test('what the canvas drops without being asked stays', () => {
  const file = '<a id="1"><x id="2"/><!-- odd --><y id="3" z="4"/></a>'
  assert.equal(keeping(file, '<a id="1"><x id="2"/></a>', '<a id="1"><x id="2" n="5"/></a>'), '<a id="1"><x id="2" n="5"/><!-- odd --><y id="3" z="4"/></a>')
})

test('a file that cannot be taken apart gives way to what the canvas writes', () => {
  for (const file of ['<a>', '<!DOCTYPE a><a/>', '<a><b id="1"/><b id="1"/></a>', 'no', '']) assert.equal(keeping(file, '<a/>', '<a x="1"/>'), '<a x="1"/>')
  assert.equal(treeOf('<a></b>'), null)
})
