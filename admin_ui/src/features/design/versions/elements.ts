// The elements of a diagram by id, with what people call them: read from the text as it was drawn.
import { language } from '../../../i18n/t'

export interface Part {
  id: string
  kind: string // as BPMN calls it
  name: string
  attached: boolean // an event at a step
}

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL'
const NODES = /(Task|Event|Gateway|^task|subProcess|callActivity|transaction)$/

export function partsOf(xml: string | undefined): Map<string, Part> {
  const found = new Map<string, Part>()
  if (!xml) return found
  const document = new DOMParser().parseFromString(xml, 'application/xml')
  for (const element of document.getElementsByTagNameNS(BPMN, '*')) {
    const id = element.getAttribute('id')
    if (id && (NODES.test(element.localName) || element.localName === 'sequenceFlow'))
      found.set(id, { id, kind: element.localName, name: translated(element) || (element.getAttribute('name') ?? ''), attached: element.localName === 'boundaryEvent' })
  }
  return found
}

/** The name in the reader's language, where the step has one. */
function translated(element: Element): string {
  const own = [...element.children].find((child) => child.localName === 'extensionElements')
  const wanted = `name.${language()}`
  const property = [...(own?.getElementsByTagName('*') ?? [])].find((one) => one.localName === 'property' && one.getAttribute('name') === wanted)
  return property?.getAttribute('value') ?? ''
}

/** The steps that a ticket can stand on or an event that it can wait for, by name. */
export const places = (parts: Map<string, Part>): Part[] => [...parts.values()].filter((part) => part.kind !== 'sequenceFlow' && part.kind !== 'endEvent')
