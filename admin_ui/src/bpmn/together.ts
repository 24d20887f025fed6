// Canvases that show the same part at the same scale: what is moved in one moves in all.

interface Box {
  x: number
  y: number
  width: number
  height: number
}

interface Canvas {
  viewbox(box?: Box): Box & { inner: Box; outer: { width: number; height: number } }
}

interface Bus {
  on(event: string, listen: () => void): void
}

const MARGIN = 28
const TOP = 44 // for what lies on the canvas
const LARGEST = 1.2

export class Together {
  private readonly canvases = new Set<Canvas>()
  private following = false

  /** Takes part from now on, until the function that is returned is called. */
  join(canvas: Canvas, bus: Bus): () => void {
    this.canvases.add(canvas)
    bus.on('canvas.viewbox.changed', () => this.follow(canvas))
    this.fit()
    return () => void this.canvases.delete(canvas)
  }

  /** All that any of them shows, in sight of each. */
  fit(): void {
    const boxes = [...this.canvases].map((canvas) => canvas.viewbox()).filter(({ inner, outer }) => inner.width && outer.width)
    if (!boxes.length) return
    const left = Math.min(...boxes.map(({ inner }) => inner.x))
    const top = Math.min(...boxes.map(({ inner }) => inner.y))
    const width = Math.max(...boxes.map(({ inner }) => inner.x + inner.width)) - left
    const height = Math.max(...boxes.map(({ inner }) => inner.y + inner.height)) - top
    const scale = Math.min(LARGEST, ...boxes.map(({ outer }) => Math.min((outer.width - 2 * MARGIN) / width, (outer.height - TOP - MARGIN) / height)))
    if (!(scale > 0)) return
    const middle = { x: left + width / 2, y: top + height / 2 - (TOP - MARGIN) / 2 / scale }
    this.each((canvas) => {
      const { outer } = canvas.viewbox()
      if (outer.width) canvas.viewbox({ x: middle.x - outer.width / 2 / scale, y: middle.y - outer.height / 2 / scale, width: outer.width / scale, height: outer.height / scale })
    })
  }

  private follow(moved: Canvas): void {
    const { x, y, width, height } = moved.viewbox()
    this.each((canvas) => canvas !== moved && canvas.viewbox({ x, y, width, height }))
  }

  /** Changes canvases without hearing of it. */
  private each(change: (canvas: Canvas) => unknown): void {
    if (this.following) return
    this.following = true
    try {
      this.canvases.forEach(change)
    } finally {
      this.following = false
    }
  }
}
