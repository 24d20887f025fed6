import type { FieldDoc } from '../../api/types'
import type { FieldState } from '../logic'

/** What every control gets: the field, its state, the answer, and how it is named for screen readers. */
export interface ControlProps {
  field: FieldDoc
  state: FieldState
  id: string
  labelId: string
  value: unknown
  onChange: (value: unknown) => void
  invalid: boolean
  describedBy?: string
  phone: boolean
  dense: boolean
}

export const aria = ({ id, labelId, invalid, describedBy, state }: ControlProps) => ({
  id,
  'aria-labelledby': labelId,
  'aria-invalid': invalid || undefined,
  'aria-describedby': describedBy,
  'aria-required': state.required || undefined,
  status: invalid ? ('error' as const) : undefined,
})

export const size = ({ phone }: ControlProps) => (phone ? ('large' as const) : ('middle' as const))
