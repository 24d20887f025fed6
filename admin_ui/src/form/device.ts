// Whether a form is drawn for a phone: as the window is, or as a preview wants it.
import { createContext, useContext } from 'react'
import { usePhone } from '../ui/prefs'

export const Device = createContext<'phone' | 'desktop' | null>(null)

export function useFormPhone(): boolean {
  const wanted = useContext(Device)
  const phone = usePhone()
  return wanted ? wanted === 'phone' : phone
}
