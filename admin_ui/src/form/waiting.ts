// Files that could not be sent yet, kept with their draft in this browser: a reload or a lost network loses none.

export interface WaitingFile {
  id: string
  place: string // the draft and the field
  file: File
}

const STORE = 'files'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('banjie-waiting', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('place', 'place')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('indexedDB'))
  })
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const base = await open()
    return await new Promise((resolve, reject) => {
      const request = work(base.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('indexedDB'))
    })
  } catch {
    return null // a browser that keeps nothing still sends
  }
}

export const keepWaiting = (one: WaitingFile) => within('readwrite', (store) => store.put(one))
export const dropWaiting = (id: string) => within('readwrite', (store) => store.delete(id))
export const waitingAt = async (place: string): Promise<WaitingFile[]> => (await within('readonly', (store) => store.index('place').getAll(place) as IDBRequest<WaitingFile[]>)) ?? []
