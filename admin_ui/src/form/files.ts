// What this browser knows of uploaded files by id, so that a restored draft can name them.
import type { StoredFile } from '../api/types'
import { remember, remembered } from '../ui/prefs'

const MOST = 60
let known: Map<string, StoredFile> | null = null

function all(): Map<string, StoredFile> {
  if (known) return known
  try {
    known = new Map(JSON.parse(remembered('files') ?? '[]') as [string, StoredFile][])
  } catch {
    known = new Map()
  }
  return known
}

export const fileOf = (id: string): StoredFile | undefined => all().get(id)

/** Notes files; those of a ticket for now, one's own uploads also for after a reload. */
export function noteFiles(files: StoredFile[], keep = false): void {
  for (const file of files) all().set(file.id, file)
  if (keep) remember('files', JSON.stringify([...all()].slice(-MOST)))
}
