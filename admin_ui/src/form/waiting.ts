// Files that could not be sent yet, kept with their draft in this browser: a reload or a lost network loses none.
import { within } from '../ui/kept'

export interface WaitingFile {
  id: string
  place: string // the draft and the field
  file: File
}

const ofDraft = (draft: string) => IDBKeyRange.bound(`${draft}/`, `${draft}/\uffff`)

export const keepWaiting = (one: WaitingFile) => within('files', 'readwrite', (store) => store.put(one))
export const dropWaiting = (id: string) => within('files', 'readwrite', (store) => store.delete(id))
export const waitingAt = async (place: string): Promise<WaitingFile[]> => (await within('files', 'readonly', (store) => store.index('place').getAll(place) as IDBRequest<WaitingFile[]>)) ?? []
export const waitingOf = async (draft: string): Promise<WaitingFile[]> => (await within('files', 'readonly', (store) => store.index('place').getAll(ofDraft(draft)) as IDBRequest<WaitingFile[]>)) ?? []

/** Forgets the files of a draft that is sent or not wanted. */
export async function dropWaitingOf(draft: string): Promise<void> {
  for (const { id } of await waitingOf(draft)) await dropWaiting(id)
}
