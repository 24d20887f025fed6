// What a step says: read from the diagram's model, and written through the command stack.
import { kindOf, type Drawn, type Moddle, type Part } from './parts'

const LIST = 'spiffworkflow:Properties'
const ONE = 'spiffworkflow:Property'

interface Property extends Moddle {
  value: string
}

const extensionsOf = (element: Drawn): Moddle[] => (element.businessObject.extensionElements as { values?: Moddle[] } | undefined)?.values ?? []
const isList = (moddle: Moddle): boolean => moddle.$type === LIST
const listOf = (element: Drawn): Property[] => extensionsOf(element).filter(isList).flatMap((list) => (list.properties as Property[] | undefined) ?? [])

/** All properties of an element by name; of a name given twice the first counts. */
export function propertiesOf(element: Drawn): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { name, value } of listOf(element)) if (name && !(name in found)) found[name] = value ?? ''
  return found
}

/** Sets properties of an element, takes those out that are null or empty, and leaves all others as they are. */
export function setProperties(part: Part, element: Drawn, changes: Record<string, string | null | undefined>): void {
  const factory = part('bpmnFactory')
  const left = { ...changes }
  const items: Moddle[] = []
  for (const item of listOf(element)) {
    const name = item.name ?? ''
    if (!(name in changes)) items.push(item)
    else if (left[name]) items.push(factory.create(ONE, { name, value: left[name] }))
    delete left[name]
  }
  for (const [name, value] of Object.entries(left)) if (value) items.push(factory.create(ONE, { name, value }))
  const others = extensionsOf(element).filter((one) => !isList(one))
  if (!items.length && !others.length) return part('modeling').updateProperties(element, { extensionElements: undefined })
  const list = factory.create(LIST, { properties: items })
  adopt(list, items)
  const values = items.length ? [list, ...others] : others
  const extensionElements = factory.create('bpmn:ExtensionElements', { values })
  adopt(extensionElements, values)
  extensionElements.$parent = element.businessObject
  part('modeling').updateProperties(element, { extensionElements })
}

const adopt = (parent: Moddle, children: Moddle[]) => children.forEach((child) => (child.$parent = parent))

/** The extension elements of something that is not drawn yet. */
export function asExtensions(part: Part, properties: Record<string, string>): Moddle | undefined {
  const factory = part('bpmnFactory')
  const items = Object.entries(properties).map(([name, value]) => factory.create(ONE, { name, value }))
  if (!items.length) return undefined
  const list = factory.create(LIST, { properties: items })
  adopt(list, items)
  const extensions = factory.create('bpmn:ExtensionElements', { values: [list] })
  list.$parent = extensions
  return extensions
}

/** The name of an element in a language; the diagram's own where that has none. */
export const nameIn = (element: Drawn, language: string): string => (language === 'zh-CN' ? '' : propertiesOf(element)[`name.${language}`]) || element.businessObject.name || ''

export const conditionOf = (flow: Drawn): string => ((flow.businessObject.conditionExpression as Moddle | undefined)?.body as string | undefined) ?? ''

export function setCondition(part: Part, flow: Drawn, text: string): void {
  const conditionExpression = text ? part('bpmnFactory').create('bpmn:FormalExpression', { body: text }) : undefined
  if (conditionExpression) conditionExpression.$parent = flow.businessObject
  part('modeling').updateProperties(flow, { conditionExpression })
}

export const isDefault = (flow: Drawn): boolean => flow.source?.businessObject.default === flow.businessObject

/** Makes a flow the one that is taken when no other is, or no longer that. */
export function setDefault(part: Part, flow: Drawn, on: boolean): void {
  if (on && conditionOf(flow)) setCondition(part, flow, '')
  part('modeling').updateProperties(flow.source!, { default: on ? flow.businessObject : undefined })
}

export type TimeKind = 'timeDate' | 'timeDuration' | 'timeCycle'

export interface Timer {
  kind: TimeKind
  text: string
}

const timerOf = (element: Drawn): Moddle | undefined => (element.businessObject.eventDefinitions as Moddle[] | undefined)?.find((one) => one.$type === 'bpmn:TimerEventDefinition')

/** When an event of time fires; null for any other element. */
export function readTimer(element: Drawn): Timer | null {
  const timer = timerOf(element)
  if (!timer) return null
  const kind = (['timeDuration', 'timeDate', 'timeCycle'] as const).find((one) => timer[one])
  return { kind: kind ?? 'timeDuration', text: kind ? (((timer[kind] as Moddle).body as string | undefined) ?? '') : '' }
}

export function setTimer(part: Part, element: Drawn, { kind, text }: Timer): void {
  const timer = timerOf(element)
  if (!timer) return
  const expression = part('bpmnFactory').create('bpmn:FormalExpression', { body: text })
  expression.$parent = timer
  part('modeling').updateModdleProperties(element, timer, { timeDate: undefined, timeDuration: undefined, timeCycle: undefined, [kind]: expression })
}

/** Whether an event ends the whole ticket at once. */
export const terminates = (element: Drawn): boolean => ((element.businessObject.eventDefinitions as Moddle[] | undefined) ?? []).some((one) => one.$type === 'bpmn:TerminateEventDefinition')

export function setTerminates(part: Part, element: Drawn, on: boolean): void {
  const definition = part('bpmnFactory').create('bpmn:TerminateEventDefinition', {})
  definition.$parent = element.businessObject
  part('modeling').updateProperties(element, { eventDefinitions: on ? [definition] : [] })
}

export const isWork = (element: Drawn): boolean => ['UserTask', 'ManualTask'].includes(kindOf(element))
export const isApproval = (element: Drawn): boolean => isWork(element) && 'approval' in propertiesOf(element)
export const splits = (element: Drawn): boolean => ['ExclusiveGateway', 'InclusiveGateway', 'ComplexGateway'].includes(kindOf(element))
