// The application on a phone's home screen: its service worker, and whether a newer release waits.
import { useSyncExternalStore } from 'react'

let waiting: ServiceWorker | null = null
let asked = false
const listeners = new Set<() => void>()

function found(worker: ServiceWorker | null): void {
  waiting = worker
  listeners.forEach((listener) => listener())
}

/** Registers the service worker once the page is at rest, so that it never slows the first load. */
export function install(): void {
  if (asked || !('serviceWorker' in navigator) || import.meta.env.DEV) return
  asked = true
  const register = async () => {
    const registration = await navigator.serviceWorker.register('/sw.js')
    if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const next = registration.installing
      next?.addEventListener('statechange', () => next.state === 'installed' && navigator.serviceWorker.controller && found(next))
    })
  }
  const later = () => setTimeout(() => void register().catch(() => undefined), 1_000) // without it all works but offline
  if (document.readyState === 'complete') later()
  else addEventListener('load', later, { once: true })
}

/** Changes to the newer release: it takes over, and the page is loaded anew. */
export function update(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting?.postMessage('take-over')
}

export const useNewRelease = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => waiting !== null,
  )
