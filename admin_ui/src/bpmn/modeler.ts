// bpmn-js put together as our designer: what is drawn, moved and undone; palette, menus and texts are our own.
import BaseModeler from 'bpmn-js/lib/BaseModeler'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/diagram-js.css'
import AutoPlace from 'bpmn-js/lib/features/auto-place'
import AutoResize from 'bpmn-js/lib/features/auto-resize'
import CopyPaste from 'bpmn-js/lib/features/copy-paste'
import GridSnapping from 'bpmn-js/lib/features/grid-snapping'
import InteractionEvents from 'bpmn-js/lib/features/interaction-events'
import Modeling from 'bpmn-js/lib/features/modeling'
import ModelingFeedback from 'bpmn-js/lib/features/modeling-feedback'
import Outline from 'bpmn-js/lib/features/outline'
import Snapping from 'bpmn-js/lib/features/snapping'
import Viewer from 'bpmn-js/lib/Viewer'
import AutoScroll from 'diagram-js/lib/features/auto-scroll'
import Bendpoints from 'diagram-js/lib/features/bendpoints'
import Connect from 'diagram-js/lib/features/connect'
import ConnectionPreview from 'diagram-js/lib/features/connection-preview'
import ContextPad from 'diagram-js/lib/features/context-pad'
import Create from 'diagram-js/lib/features/create'
import KeepSelectionVisible from 'diagram-js/lib/features/keep-selection-visible'
import Move from 'diagram-js/lib/features/move'
import Resize from 'diagram-js/lib/features/resize'
import MoveCanvas from 'diagram-js/lib/navigation/movecanvas'
import ZoomScroll from 'diagram-js/lib/navigation/zoomscroll'
import { known } from '../i18n/t'
import { commandsModule } from './commands'
import './designer.css'
import { keeping } from './keeping'
import { padModule } from './pad'
import type { Part } from './parts'
import { rendererModule } from './renderer'
import { spiff } from './spiff'

/** bpmn-js asks for its few texts in English; each has a key. */
const TEXTS: Record<string, string> = {
  'Open {element}': 'designer.bpmn.open',
  'flow elements must be children of pools/participants': 'designer.bpmn.inPool',
}
const translate = (text: string, blanks?: Record<string, string>) => known(TEXTS[text] ?? '', blanks ?? {}) ?? text

const MODULES = [
  ...(Viewer.prototype as unknown as { _modules: object[] })._modules,
  AutoPlace, AutoResize, AutoScroll, Bendpoints, Connect, ConnectionPreview, ContextPad, CopyPaste, Create, GridSnapping, InteractionEvents, KeepSelectionVisible, Modeling, ModelingFeedback, Move, MoveCanvas, Outline, Resize, Snapping, ZoomScroll,
  commandsModule, padModule, rendererModule,
  { translate: ['value', translate] },
]

export interface Modeler {
  part: Part
  /** Draws a text; the sentences are what bpmn-js could not take in and would lose. */
  open(xml: string): Promise<string[]>
  write(): Promise<string>
  destroy(): void
}

export function createModeler(container: HTMLElement): Modeler {
  const css = getComputedStyle(document.documentElement)
  const colour = (name: string) => css.getPropertyValue(name).trim()
  const modeler = new BaseModeler({
    container,
    modules: MODULES,
    moddleExtensions: { spiffworkflow: spiff },
    bpmnRenderer: { defaultFillColor: colour('--surface'), defaultStrokeColor: colour('--ink-3'), defaultLabelColor: colour('--ink') },
    textRenderer: { defaultStyle: { fontFamily: colour('--font'), fontSize: 13, lineHeight: 1.35 }, externalStyle: { fontSize: 12 } },
  } as unknown as ConstructorParameters<typeof BaseModeler>[0])
  const part: Part = (name) => modeler.get(name)
  // The container around it is the stop of the Tab key.
  container.querySelector('.djs-container > svg')?.setAttribute('tabindex', '-1')
  const written = async () => (await modeler.saveXML({ format: true })).xml ?? ''
  let opened = { file: '', as: '' } // the text that was opened, and how the canvas writes the same
  return {
    part,
    async open(xml) {
      const { warnings } = (await modeler.importXML(xml)) as unknown as { warnings: { message: string }[] }
      opened = { file: xml, as: await written() }
      return warnings.map((one) => one.message.split('\n')[0] ?? '')
    },
    write: async () => keeping(opened.file, opened.as, await written()),
    destroy: () => modeler.destroy(),
  }
}
