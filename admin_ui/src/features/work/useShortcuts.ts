// Working through a queue without the mouse.
import { useEffect, useRef } from 'react'

export type Shortcuts = Record<string, () => void>

/** Single keys, unless somebody is typing or something lies over the page. */
export function useShortcuts(keys: Shortcuts): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      const at = event.target as HTMLElement
      if (at.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox], .ant-select')) {
        if (event.key === 'Escape') at.blur()
        return
      }
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
