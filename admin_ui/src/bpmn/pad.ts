// The few things one does with an element where it stands: a line to another, a copy, away with it.
import { t } from '../i18n/t'
import { duplicate } from './placing'
import type { Drawn, Part, Parts } from './parts'

interface Entry {
  group: string
  title: string
  html: string
  action: Record<string, (event: Event, element: Drawn) => void>
}

// bpmn-js takes markup here, so these three of lucide's drawings stand as their lines.
const LINES = {
  connect: '<path d="M7 7h10v10"/><path d="M7 17 17 7"/>',
  copy: '<rect width="14" height="14" x="8" y="8" rx="2"/><path d="M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"/>',
  remove: '<path d="M3 6h18"/><path d="M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6"/><path d="M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>',
}
const drawing = (name: keyof typeof LINES) =>
  `<div class="entry designer-pad" data-pad="${name}"><svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${LINES[name]}</svg></div>`

class Pad {
  static $inject = ['contextPad', 'connect', 'modeling', 'injector']

  constructor(
    pad: Parts['contextPad'],
    private connect: Parts['connect'],
    private modeling: Parts['modeling'],
    private injector: { get: Part },
  ) {
    pad.registerProvider(this)
  }

  getContextPadEntries(element: Drawn): Record<string, Entry> {
    const begin = (event: Event) => this.connect.start(event, element)
    const remove: Entry = { group: 'edit', title: t('designer.remove'), html: drawing('remove'), action: { click: () => this.modeling.removeElements([element]) } }
    if (element.waypoints || element.labelTarget || !element.parent) return element.waypoints ? { remove } : {}
    return {
      connect: { group: 'connect', title: t('designer.connect'), html: drawing('connect'), action: { click: begin, dragstart: begin } },
      copy: { group: 'edit', title: t('designer.copy'), html: drawing('copy'), action: { click: () => duplicate(<K extends keyof Parts>(name: K) => this.injector.get(name), element) } },
      remove,
    }
  }
}

export const padModule = { __init__: ['designerPad'], designerPad: ['type', Pad] }
