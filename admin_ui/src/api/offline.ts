// The few answers that the portal needs without a network: the last ones are kept in this browser.
import { forgotten, remember, remembered } from '../ui/prefs'
import { asProblem } from './client'

const KEPT = 'kept.'

/** Asks; while there is no network, gives what was said last. `part` leaves out what must not be kept. */
export async function orKept<T>(name: string, ask: () => Promise<T>, part: (answer: T) => T = (answer) => answer): Promise<T> {
  try {
    const answer = await ask()
    remember(KEPT + name, JSON.stringify(part(answer)))
    return answer
  } catch (error) {
    const kept = asProblem(error).code === 'offline' ? remembered(KEPT + name) : null
    if (kept === null) throw error
    return JSON.parse(kept) as T
  }
}

/** Forgets all of it: somebody else may sign in next. */
export const forgetKept = (): void => forgotten(KEPT)
