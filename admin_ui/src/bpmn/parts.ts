// What of bpmn-js's services the designer uses, as types.

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** An element of the meta model: what is written to the file. */
export interface Moddle {
  $type: string
  $parent?: Moddle
  id: string
  name?: string
  [property: string]: unknown
}

/** An element on the canvas. */
export interface Drawn extends Box {
  id: string
  type: string
  businessObject: Moddle
  di: { set(name: string, value: string): void }
  parent: Drawn | null
  children?: Drawn[]
  incoming: Drawn[]
  outgoing: Drawn[]
  attachers?: Drawn[]
  host?: Drawn | null
  source?: Drawn
  target?: Drawn
  waypoints?: { x: number; y: number }[]
  labelTarget?: Drawn
  label?: Drawn
}

interface Point {
  x: number
  y: number
}

export interface Parts {
  canvas: {
    viewbox(box?: Box): Box & { inner: Box; outer: { width: number; height: number }; scale: number }
    zoom(level?: number | 'fit-viewport', center?: 'auto' | Point): number
    addMarker(id: string, marker: string): void
    removeMarker(id: string, marker: string): void
    getRootElement(): Drawn
    scrollToElement(element: Drawn, padding?: number): void
    resized(): void
  }
  elementRegistry: { get(id: string): Drawn | undefined; getAll(): Drawn[]; filter(test: (element: Drawn) => boolean): Drawn[]; forEach(visit: (element: Drawn) => void): void; getGraphics(element: Drawn): SVGElement }
  graphicsFactory: { update(kind: string, element: Drawn, graphics: SVGElement): void }
  overlays: { add(id: string, kind: string, overlay: { position: object; html: HTMLElement; scale?: object }): string; remove(filter: { type: string }): void }
  selection: { get(): Drawn[]; select(element: Drawn | Drawn[] | null): void }
  eventBus: { on(event: string | string[], listener: (event: { element?: Drawn; newSelection?: Drawn[]; viewbox?: { scale: number } }) => void): void; on(event: string, priority: number, listener: (event: { element?: Drawn }) => unknown): void }
  commandStack: { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean; register(command: string, handler: unknown): void; registerHandler(command: string, handler: unknown): void; execute(command: string, context: object): void; _stackIdx: number }
  modeling: {
    updateProperties(element: Drawn, properties: Record<string, unknown>): void
    updateModdleProperties(element: Drawn, moddle: Moddle, properties: Record<string, unknown>): void
    createShape(shape: Drawn | object, position: Point, parent: Drawn, hints?: object): Drawn
    connect(source: Drawn, target: Drawn, attributes?: object): Drawn
    reconnectStart(connection: Drawn, source: Drawn, docking: Point): void
    reconnectEnd(connection: Drawn, target: Drawn, docking: Point): void
    layoutConnection(connection: Drawn): void
    moveElements(elements: Drawn[], by: Point): void
    removeElements(elements: Drawn[]): void
    createSpace(moving: Drawn[], resizing: Drawn[], by: Point, direction: string, start: number): void
  }
  spaceTool: { calculateAdjustments(elements: Drawn[], axis: 'x' | 'y', delta: number, start: number): { movingShapes: Drawn[]; resizingShapes: Drawn[] } }
  elementFactory: { createShape(attributes: object): Drawn }
  bpmnFactory: { create(type: string, attributes?: object): Moddle }
  autoPlace: { append(source: Drawn, shape: Drawn, hints?: object): Drawn }
  bpmnReplace: { replaceElement(element: Drawn, target: { type: string }, hints?: object): Drawn }
  create: { start(event: Event, shape: Drawn, hints?: object): void }
  connect: { start(event: Event, element: Drawn): void }
  copyPaste: { copy(elements: Drawn[]): void; paste(context?: object): Drawn[] | undefined }
  contextPad: { registerProvider(provider: object): void }
}

export type Part = <K extends keyof Parts>(name: K) => Parts[K]

export const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
export const isShape = (element: Drawn): boolean => !element.waypoints && !element.labelTarget && !!element.parent
export const kindOf = (element: Drawn): string => element.businessObject.$type.replace(/^bpmn:/, '')

/** The shape or flow that an element on the canvas stands for: a label for what it names. */
export const named = (element: Drawn): Drawn => element.labelTarget ?? element
