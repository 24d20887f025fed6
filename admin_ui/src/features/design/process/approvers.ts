// Who approves, as questions hold it, and the text of the step's property (`users:a,b; group:c`).

export const SOURCES = ['manager', 'managers', 'group', 'users', 'department_head', 'field', 'choose', 'role', 'decision', 'previous', 'formula'] as const
export type Source = (typeof SOURCES)[number]

export interface Approver {
  source: Source
  value: string
}

const WITHOUT: readonly string[] = ['department_head', 'previous']

/** The parts of a setting; one formula when it is worked out, and for what is not known. */
export function readApprovers(text: string): Approver[] {
  const bare = text.trim()
  if (!bare) return []
  if (bare.startsWith('=')) return [{ source: 'formula', value: bare }]
  const parts = bare.split(';').map((part) => part.trim()).filter(Boolean).map(readPart)
  return parts.some((part) => part === null) ? [{ source: 'formula', value: bare }] : (parts as Approver[])
}

function readPart(text: string): Approver | null {
  if (WITHOUT.includes(text)) return { source: text as Source, value: '' }
  const colon = text.indexOf(':')
  const kind = text.slice(0, colon)
  const value = text.slice(colon + 1).trim()
  if (kind === 'manager') return /^\d+$/.test(value) ? { source: 'manager', value } : { source: 'managers', value }
  if (kind === 'choose') return value.startsWith('group:') ? { source: 'choose', value: value.slice('group:'.length) } : null
  return ['group', 'users', 'field', 'role', 'decision'].includes(kind) ? { source: kind as Source, value } : null
}

export function writeApprovers(parts: Approver[]): string {
  return parts
    .map(({ source, value }) => {
      if (source === 'formula' || WITHOUT.includes(source)) return source === 'formula' ? value : source
      if (source === 'choose') return `choose:group:${value}`
      return `${source === 'managers' ? 'manager' : source}:${value}`
    })
    .join('; ')
}

export const MODES = ['all', 'any', 'sequential', 'count', 'percent'] as const
export type Mode = (typeof MODES)[number]

export interface Need {
  mode: Mode
  number: number
}

export function readNeed(text: string): Need | null {
  const [mode, number] = text.split(':')
  const found = MODES.find((one) => one === mode)
  if (!found) return null
  return { mode: found, number: number ? Number(number) : found === 'count' ? 2 : 60 }
}

export const writeNeed = ({ mode, number }: Need): string => (mode === 'count' || mode === 'percent' ? `${mode}:${number}` : mode)
