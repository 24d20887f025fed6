// Draws names in the reader's language; the diagram itself keeps the one it was written in.
import BpmnRenderer from 'bpmn-js/lib/draw/BpmnRenderer'
import { language } from '../i18n/t'
import type { Drawn } from './parts'
import { nameIn } from './settings'

type Draw = (this: unknown, parent: SVGElement, element: Drawn, attributes?: object) => SVGElement

const prototype = BpmnRenderer.prototype as unknown as { drawShape: Draw; drawConnection: Draw }

class TranslatedRenderer extends (BpmnRenderer as unknown as new (...parts: unknown[]) => { drawShape: Draw; drawConnection: Draw }) {
  static $inject = (BpmnRenderer as unknown as { $inject: string[] }).$inject

  override drawShape = (parent: SVGElement, element: Drawn, attributes?: object) => inLanguage(element, () => prototype.drawShape.call(this, parent, element, attributes))
  override drawConnection = (parent: SVGElement, element: Drawn, attributes?: object) => inLanguage(element, () => prototype.drawConnection.call(this, parent, element, attributes))
}

const LABEL = 90 // room for a name beside its element: the drawing left it for the other language's

/** Draws with the element's name exchanged for a moment. */
function inLanguage(element: Drawn, draw: () => SVGElement): SVGElement {
  const written = element.businessObject.name
  const shown = nameIn(element, language())
  if (!shown || shown === written) return draw()
  const { width } = element
  const lacking = element.labelTarget ? Math.max(0, LABEL - width) : 0
  element.businessObject.name = shown
  element.width += lacking
  try {
    const drawn = draw()
    if (lacking) drawn.setAttribute('transform', `translate(${-lacking / 2} 0)`)
    return drawn
  } finally {
    element.businessObject.name = written
    element.width = width
  }
}

export const rendererModule = { bpmnRenderer: ['type', TranslatedRenderer] }
