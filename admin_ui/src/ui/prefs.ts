// What this browser remembers of a person's taste: language, and light or dark.
import { useSyncExternalStore } from 'react'
import { cssVars, type Mode } from './theme'

export type ModeChoice = 'auto' | Mode
export type Language = 'zh-CN' | 'en'

const dark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem('banjie.' + name)
  } catch {
    return null // a browser that keeps nothing still works
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem('banjie.' + name)
    else localStorage.setItem('banjie.' + name, value)
  } catch {
    // as above
  }
}

/** Forgets everything whose name begins like this. */
export function forgotten(start: string): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith('banjie.' + start)) localStorage.removeItem(name)
  } catch {
    // as above
  }
}

const told = () => listeners.forEach((listener) => listener())
const choice = (): ModeChoice => {
  const kept = remembered('mode')
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}
const mode = (): Mode => {
  const chosen = choice()
  return chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen
}

/** Writes the colours of the mode on the page. */
export function paint(): void {
  const root = document.documentElement
  for (const [name, value] of Object.entries(cssVars(mode()))) root.style.setProperty(name, value)
  root.style.colorScheme = mode()
  root.dataset.theme = mode()
}

export function chooseMode(chosen: ModeChoice): void {
  remember('mode', chosen === 'auto' ? null : chosen)
  paint()
  told()
}

dark.addEventListener('change', () => {
  paint()
  told()
})

export const useMode = (): Mode => useSyncExternalStore(subscribe, mode)
export const useModeChoice = (): ModeChoice => useSyncExternalStore(subscribe, choice)

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

export const usePhone = () => useMedia('(max-width: 640px)')
