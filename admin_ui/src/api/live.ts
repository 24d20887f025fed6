// The stream of changes: what others do appears without a reload.
import type { QueryClient } from '@tanstack/react-query'
import { url } from './client'
import { noticesKey } from './notices'

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000
const GATHER = 150
const PRESENCE = 'presence:' // somebody came to a ticket, or left it
const LOST = '*' // some news was lost: everything may be old

/** Listens until the returned function is called; forgets what a change has made old. */
export function listen(client: QueryClient): () => void {
  let source: EventSource | null = null
  let wait = FIRST_WAIT
  let again: number | undefined
  let gathering: number | undefined
  let missed = false
  const changed = new Set<string>()

  const forget = () => {
    gathering = undefined
    if (changed.has(LOST)) void client.invalidateQueries()
    for (const number of changed) void client.invalidateQueries({ queryKey: ['ticket', number] })
    changed.clear()
    for (const key of ['tickets', 'tasks', 'counts']) void client.invalidateQueries({ queryKey: [key] })
  }
  const note = (event: MessageEvent<string>) => {
    try {
      const said = JSON.parse(event.data) as { number?: string; ticket?: string }
      const number = said.number ?? said.ticket
      if (number?.startsWith(PRESENCE)) {
        dispatchEvent(new CustomEvent('banjie-presence', { detail: number.slice(PRESENCE.length) }))
        return // nothing of the ticket itself has changed
      }
      if (number) changed.add(number)
    } catch {
      return // not for us
    }
    gathering ??= window.setTimeout(forget, GATHER)
  }
  const told = () => void client.invalidateQueries({ queryKey: noticesKey })
  const open = () => {
    source = new EventSource(url('/events'))
    source.addEventListener('ticket', note)
    source.addEventListener('task', note)
    source.addEventListener('inbox', told)
    source.onopen = () => {
      wait = FIRST_WAIT
      if (missed) void client.invalidateQueries()
      missed = false
    }
    source.onerror = () => {
      source?.close()
      missed = true
      window.clearTimeout(again)
      again = window.setTimeout(open, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    }
  }
  const back = () => {
    if (!missed) return
    window.clearTimeout(again)
    source?.close()
    wait = FIRST_WAIT
    open()
  }
  open()
  window.addEventListener('online', back)
  return () => {
    window.removeEventListener('online', back)
    window.clearTimeout(again)
    window.clearTimeout(gathering)
    source?.close()
  }
}
