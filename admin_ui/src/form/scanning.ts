// Reading QR and bar codes: with the browser's own detector where there is one, else jsqr from the pixels.

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
  new (): Detector
  getSupportedFormats(): Promise<string[]>
}

const LARGEST = 1280

export type Reader = (source: HTMLVideoElement | ImageBitmap) => Promise<string | null>

/** What reads a code out of a picture; loaded when the first one is wanted. */
export async function codeReader(): Promise<Reader> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  // Some browsers have the detector by name only.
  const formats = (await Native?.getSupportedFormats().catch(() => null)) ?? []
  if (Native && formats.includes('qr_code')) {
    const detector = new Native()
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? null
  }
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  return async (source) => {
    const [width, height] = source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height]
    if (!pen || !width || !height) return null
    const scale = Math.min(1, LARGEST / Math.max(width, height))
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    pen.drawImage(source, 0, 0, canvas.width, canvas.height)
    return jsQR(pen.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height)?.data ?? null
  }
}

/** The code in a picture that was taken before. */
export async function codeIn(file: File): Promise<string | null> {
  const picture = await createImageBitmap(file)
  try {
    return await (await codeReader())(picture)
  } finally {
    picture.close()
  }
}

export const mayUseCamera = (): boolean => isSecureContext && !!navigator.mediaDevices?.getUserMedia
