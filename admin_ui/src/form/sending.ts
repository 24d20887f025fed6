// What a form knows of files on their way: whose draft they belong to, and how many each field still sends.
import { createContext } from 'react'

export interface Sendings {
  draft: string | null
  report(field: string, count: number): void
}

export const SendingsContext = createContext<Sendings>({ draft: null, report: () => undefined })
