// What this browser keeps in a small database of its own: files and tickets that wait for the network.

const NAME = 'banjie-waiting'
const VERSION = 2
// Each store with the index by which its rows are found.
const STORES = { files: 'place', letters: 'user' } as const

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      const there = request.result.objectStoreNames
      for (const [store, index] of Object.entries(STORES)) if (!there.contains(store)) request.result.createObjectStore(store, { keyPath: 'id' }).createIndex(index, index)
    }
    request.onsuccess = () => {
      // Another tab with a newer release may open its version.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('indexedDB'))
  })
}

/** Does one thing with a store; null in a browser that keeps nothing. */
export async function within<T>(store: keyof typeof STORES, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const base = await open()
    try {
      return await new Promise<T>((resolve, reject) => {
        const change = base.transaction(store, mode)
        const request = work(change.objectStore(store))
        change.oncomplete = () => resolve(request.result)
        change.onabort = change.onerror = () => reject(change.error ?? new Error('indexedDB'))
      })
    } finally {
      base.close()
    }
  } catch {
    return null
  }
}
