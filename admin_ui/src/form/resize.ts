// Photos made smaller on the device; drawing them anew also leaves out what the camera wrote into them (place, time).

export const USUAL_SIDE = 1920
const QUALITY = 0.85
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'])

/** The photo with its longer side at most `side` pixels; as it is where the browser cannot read it. */
export async function smaller(file: File, side = USUAL_SIDE): Promise<File> {
  if (!DRAWN.has(file.type)) return file
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!picture) return file
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg'
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY))
  if (!drawn) return file
  const ending = type === 'image/png' ? '.png' : '.jpg'
  return new File([drawn], file.name.replace(/\.[^.]*$/, '') + ending, { type, lastModified: file.lastModified })
}
