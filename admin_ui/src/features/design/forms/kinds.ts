// The kinds of fields as the designer offers them: group, picture, what can be set, and how a new one begins.
import {
  AtSign, Banknote, Box, Building2, Calendar, CalendarClock, CalendarRange, Calculator, Camera, CircleDot, Clock, FileSignature, Hash, IdCard, Link2, ListChecks, ListTree,
  MapPin, Paperclip, Phone, Pilcrow, ScanLine, Star, StickyNote, Table2, TextInitial, Ticket, ToggleLeft, Type, User, Users, type LucideIcon,
} from 'lucide-react'
import type { FieldDoc } from '../../../api/types'
import { freeKey } from './document'

export type SettingControl = 'whole' | 'limit' | 'words' | 'text' | 'flag' | 'megabytes' | 'types' | 'fence' | readonly string[]

interface Kind {
  icon: LucideIcon
  settings: Record<string, SettingControl>
}

const LENGTHS = { min_length: 'whole', max_length: 'whole' } as const
const PATTERN = { pattern: 'text', pattern_message: 'words' } as const
const LIMITS = { min: 'limit', max: 'limit' } as const
const HINT = { placeholder: 'words' } as const

export const KINDS: Record<string, Kind> = {
  text: { icon: Type, settings: { ...HINT, ...LENGTHS, ...PATTERN } },
  textarea: { icon: TextInitial, settings: { ...HINT, ...LENGTHS, rows: 'whole' } },
  number: { icon: Hash, settings: { ...HINT, ...LIMITS, precision: 'whole', unit: 'words' } },
  money: { icon: Banknote, settings: { ...HINT, ...LIMITS, precision: 'whole', currency: ['CNY', 'USD', 'EUR', 'GBP', 'JPY'] } },
  date: { icon: Calendar, settings: LIMITS },
  choice: { icon: CircleDot, settings: { ...HINT, style: ['radio', 'cards', 'select'] } },
  choices: { icon: ListChecks, settings: { ...HINT, style: ['checkbox', 'select'], min_items: 'whole', max_items: 'whole' } },
  boolean: { icon: ToggleLeft, settings: {} },
  time: { icon: Clock, settings: LIMITS },
  datetime: { icon: CalendarClock, settings: LIMITS },
  date_range: { icon: CalendarRange, settings: LIMITS },
  cascade: { icon: ListTree, settings: { ...HINT, any_level: 'flag' } },
  richtext: { icon: Pilcrow, settings: LENGTHS },
  rating: { icon: Star, settings: { max: 'whole' } },
  user: { icon: User, settings: HINT },
  group: { icon: Users, settings: HINT },
  department: { icon: Building2, settings: HINT },
  phone: { icon: Phone, settings: { ...HINT, ...PATTERN } },
  email: { icon: AtSign, settings: { ...HINT, ...PATTERN } },
  id_number: { icon: IdCard, settings: HINT },
  url: { icon: Link2, settings: { ...HINT, ...PATTERN } },
  photo: { icon: Camera, settings: { max_files: 'whole', max_side: 'whole', source: ['any', 'camera'] } },
  location: { icon: MapPin, settings: { within: 'fence', max_accuracy: 'whole', consent: 'words' } },
  scan: { icon: ScanLine, settings: { ...HINT, max_length: 'whole', ...PATTERN } },
  signature: { icon: FileSignature, settings: {} },
  attachment: { icon: Paperclip, settings: { max_files: 'whole', max_size: 'megabytes', types: 'types' } },
  asset: { icon: Box, settings: HINT },
  ticket: { icon: Ticket, settings: HINT },
  table: { icon: Table2, settings: { min_rows: 'whole', max_rows: 'whole' } },
  computed: { icon: Calculator, settings: { precision: 'whole', unit: 'words' } },
  note: { icon: StickyNote, settings: { text: 'words' } },
}

/** The palette: groups of kinds, the most used first. */
export const GROUPS: { name: 'usual' | 'people' | 'site' | 'made'; kinds: string[] }[] = [
  { name: 'usual', kinds: ['text', 'textarea', 'number', 'money', 'date', 'datetime', 'time', 'date_range', 'choice', 'choices', 'boolean', 'cascade', 'richtext', 'rating'] },
  { name: 'people', kinds: ['user', 'group', 'department', 'phone', 'email', 'id_number', 'url'] },
  { name: 'site', kinds: ['photo', 'location', 'scan', 'signature', 'asset', 'attachment', 'ticket'] },
  { name: 'made', kinds: ['table', 'computed', 'note'] },
]

export const COLUMN_KINDS = GROUPS.flatMap((group) => group.kinds).filter((kind) => kind !== 'table' && kind !== 'note')

export const hasOptions = (kind: string): boolean => kind === 'choice' || kind === 'choices' || kind === 'cascade'
export const holdsValue = (kind: string): boolean => kind !== 'note'

/** A new field; `named` gives the texts of a key in both languages. */
export function freshField(kind: string, fields: FieldDoc[], named: (what: string) => Record<string, string>): FieldDoc {
  const option = (n: number) => ({ value: `option_${n}`, label: Object.fromEntries(Object.entries(named('option')).map(([language, text]) => [language, `${text} ${n}`])) })
  const field: FieldDoc = { key: freeKey(fields, `${kind}_1`), kind, label: named(kind) }
  if (kind === 'note') return { key: field.key, kind, text: named('noteText') }
  if (hasOptions(kind)) field.options = [option(1), option(2)]
  if (kind === 'cascade') field.options = [{ ...option(1), children: [option(2)] }]
  if (kind === 'computed') field.computed = '= null'
  if (kind === 'table') field.columns = [{ key: 'text', kind: 'text', label: named('text') }, { key: 'number', kind: 'number', label: named('number') }]
  return field
}
