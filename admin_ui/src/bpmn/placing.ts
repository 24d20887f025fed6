// Puts new elements where they belong: behind the picked one, in the way to the end, with room made for them.
import { together } from './commands'
import { kindOf, middle, type Drawn, type Part } from './parts'
import { asExtensions, conditionOf, isApproval, isDefault, propertiesOf, setCondition, setDefault, setProperties } from './settings'
import type { Template } from './steps'

const GAP = 60
const ROW = 120

/** What a new element and the flows of a branch are called. */
export interface Names {
  element: Record<string, string> // by language
  approved: Record<string, string>
}

/** An id that nothing has yet; people meet it as part of a variable's name. */
export function freeId(part: Part, beginning: string): string {
  const registry = part('elementRegistry')
  let number = 1
  while (registry.get(`${beginning}_${number}`)) number++
  return `${beginning}_${number}`
}

/** A shape of a template that is not placed yet. */
export function fresh(part: Part, template: Template, names: Record<string, string>): Drawn {
  const factory = part('bpmnFactory')
  const { 'zh-CN': name, ...others } = names
  const said = Object.fromEntries(Object.entries(others).map(([language, text]) => [`name.${language}`, text]))
  const businessObject = factory.create(template.type, { id: freeId(part, template.id), name })
  const extensions = asExtensions(part, { ...said, ...template.properties })
  if (extensions) {
    extensions.$parent = businessObject
    businessObject.extensionElements = extensions
  }
  const shape = part('elementFactory').createShape({ type: template.type, businessObject, eventDefinitionType: template.event, ...(template.type === 'bpmn:SubProcess' ? { isExpanded: true } : {}) })
  const timer = (businessObject.eventDefinitions as { $type: string; timeDuration?: unknown }[] | undefined)?.[0]
  if (timer?.$type === 'bpmn:TimerEventDefinition') {
    const duration = factory.create('bpmn:FormalExpression', { body: 'P1D' })
    duration.$parent = timer as never
    timer.timeDuration = duration
  }
  return shape
}

/** Adds a step behind what is picked, or before the end when nothing is; the whole is one step back. */
export function add(part: Part, template: Template, names: Names, picked: Drawn | undefined): Drawn {
  const shape = fresh(part, template, names.element)
  const made = together(part, () => {
    const flow = flowFor(part, picked)
    if (flow && kindOf(shape) !== 'EndEvent') return insert(part, shape, flow, names)
    const source = picked && !picked.waypoints && kindOf(picked) !== 'EndEvent' ? picked : lastOpen(part)
    if (!source) return part('modeling').createShape(shape, place(part), part('canvas').getRootElement())
    const placed = part('autoPlace').append(source, shape)
    const way = placed.incoming.find((one) => one.source === source)
    if (way) settle(part, way, names)
    return placed
  })
  part('selection').select(made)
  return made
}

/** The flow that a new step is put into: the picked one, the only one out of the picked step, the one into the end. */
function flowFor(part: Part, picked: Drawn | undefined): Drawn | undefined {
  if (picked?.waypoints) return kindOf(picked) === 'SequenceFlow' ? picked : undefined
  if (picked && kindOf(picked) === 'EndEvent') return picked.incoming[0]
  if (picked) return picked.outgoing.length === 1 && !kindOf(picked).endsWith('Gateway') ? picked.outgoing[0] : undefined
  if (lastOpen(part)) return undefined
  return part('elementRegistry').filter((element) => kindOf(element) === 'EndEvent' && !element.labelTarget)[0]?.incoming[0]
}

/** The element at the far right that leads nowhere though it should. */
function lastOpen(part: Part): Drawn | undefined {
  const open = part('elementRegistry').filter((element) => !element.waypoints && !element.labelTarget && !!element.parent && !!element.businessObject.id && leadsOn(element) && !element.outgoing.length)
  return open.sort((a, b) => b.x - a.x)[0]
}

const leadsOn = (element: Drawn): boolean => /Task$|Activity$|Gateway$|SubProcess$|StartEvent$|CatchEvent$|ThrowEvent$/.test(kindOf(element)) && !element.businessObject.isForCompensation

/** A place that is free: below everything. */
function place(part: Part): { x: number; y: number } {
  const shapes = part('elementRegistry').filter((element) => !element.waypoints && !element.labelTarget && !!element.parent)
  if (!shapes.length) return { x: 220, y: 240 }
  return { x: Math.min(...shapes.map((one) => one.x)) + 60, y: Math.max(...shapes.map((one) => one.y + one.height)) + ROW / 2 }
}

/** Puts a shape into a flow: the flow ends at it, a new one goes on, and what stands behind makes room. */
function insert(part: Part, shape: Drawn, flow: Drawn, names: Names): Drawn {
  const modeling = part('modeling')
  const { source, target } = flow as { source: Drawn; target: Drawn }
  const forward = target.x >= source.x + source.width
  const left = source.x + source.width + GAP
  const y = forward ? middle(source).y : middle(source).y + ROW
  const lacking = forward ? left + shape.width + GAP - target.x : 0
  if (lacking > 0) {
    const from = source.x + source.width + 1
    const everything = part('elementRegistry').getAll().filter((one) => one.parent && !one.labelTarget && isInside(one, source.parent))
    const { movingShapes, resizingShapes } = part('spaceTool').calculateAdjustments(everything, 'x', lacking, from)
    modeling.createSpace(movingShapes, resizingShapes, { x: lacking, y: 0 }, 'e', from)
  }
  const placed = modeling.createShape(shape, { x: left + shape.width / 2, y }, source.parent!)
  const wasDefault = isDefault(flow)
  modeling.reconnectEnd(flow, placed, middle(placed))
  if (wasDefault) setDefault(part, flow, true)
  modeling.layoutConnection(flow)
  settle(part, modeling.connect(placed, target, { type: 'bpmn:SequenceFlow' }), names)
  return placed
}

const isInside = (element: Drawn, parent: Drawn | null): boolean => {
  for (let up = element.parent; up; up = up.parent) if (up === parent) return true
  return false
}

/** A way out of a branch behind an approval or buttons begins with the usual condition: the first that is not taken yet. */
function settle(part: Part, way: Drawn, names: Names): void {
  const branch = way.source!
  if (kindOf(branch) !== 'ExclusiveGateway' || conditionOf(way)) return
  const others = branch.outgoing.filter((one) => one !== way)
  const offer = waysOf(branch, names).find(({ condition }) => !others.some((one) => conditionOf(one) === condition))
  if (offer && (others.length === 0 || others.some(isDefault))) {
    setCondition(part, way, offer.condition)
    name(part, way, offer.name)
  } else if (!others.some(isDefault)) setDefault(part, way, true)
}

function name(part: Part, element: Drawn, names: Record<string, string>): void {
  const { 'zh-CN': own, ...others } = names
  part('modeling').updateProperties(element, { name: own })
  setProperties(part, element, Object.fromEntries(Object.entries(others).map(([language, text]) => [`name.${language}`, text])))
}

interface Offer {
  condition: string
  name: Record<string, string>
}

/** What a branch can ask of the step before it. */
function waysOf(branch: Drawn, names: Names): Offer[] {
  const step = branch.incoming[0]?.source
  if (!step) return []
  if (isApproval(step)) return [{ condition: `${step.id}_outcome = "approved"`, name: names.approved }]
  const properties = propertiesOf(step)
  return (properties.actions ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean)
    .map((key) => ({ condition: `${step.id}_action = "${key}"`, name: Object.fromEntries(Object.entries(properties).flatMap(([property, text]) => (property.startsWith(`action.${key}.`) ? [[property.slice(`action.${key}.`.length), text]] : []))) }))
}

/** A timer on the border of a step, with nothing behind it yet. */
export function addDeadline(part: Part, host: Drawn, template: Template, names: Record<string, string>): Drawn {
  const shape = fresh(part, template, names)
  shape.businessObject.cancelActivity = false
  const at = { x: host.x + host.width - 30, y: host.y + host.height }
  const made = part('modeling').createShape(shape, at, host, { attach: true })
  part('selection').select(made)
  return made
}

/** The same again, a little lower. */
export function duplicate(part: Part, element: Drawn): void {
  part('copyPaste').copy([element])
  const centre = middle(element)
  const made = part('copyPaste').paste({ element: element.parent, point: { x: centre.x, y: centre.y + element.height + 40 }, hints: {} })
  if (made?.length) part('selection').select(made)
}
