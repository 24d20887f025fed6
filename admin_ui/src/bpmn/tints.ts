// Elements in the colours of a meaning: what a version added, removed or changed; how much stands on a step.

export type Tint = 'added' | 'removed' | 'changed' | 'mapped' | 'heat1' | 'heat2' | 'heat3' | 'heat4'
export type Tints = Record<string, Tint>

interface Tinted {
  id: string
  waypoints?: unknown[]
  di: { set(name: string, value: string): void }
}

interface Registry<E> {
  get(id: string): E | undefined
  getGraphics(element: E): SVGElement
}

const EDGES: Partial<Record<Tint, string>> = { added: '--teal-fg', removed: '--red-fg', changed: '--amber-fg' }

/** Marks each element; CSS colours the shapes, the arrowheads need an attribute. */
export function tint<E extends Tinted>(
  registry: Registry<E>,
  canvas: { addMarker(id: string, marker: string): void },
  graphics: { update(kind: string, element: E, graphics: SVGElement): void },
  tints: Tints = {},
  colour: (name: string) => string,
): void {
  for (const [id, meaning] of Object.entries(tints)) {
    const element = registry.get(id)
    if (!element) continue
    canvas.addMarker(id, `tint-${meaning}`)
    const edge = EDGES[meaning]
    if (!element.waypoints || !edge) continue
    element.di.set('bioc:stroke', colour(edge))
    graphics.update('connection', element, registry.getGraphics(element))
  }
}
