// What each kind of record shows in its list and asks for in its box.
import { t } from '../../i18n/t'
import type { Plural, RecordRow } from '../../api/records'

export type Asks = 'text' | 'names' | 'person' | 'record' | 'flag' | 'number' | 'day' | 'instant' | 'time' | 'weekdays' | 'words' | 'types' | 'choice'

export type PartName =
  | 'names' | 'domains' | 'vip' | 'customer' | 'types' | 'sla_policy' | 'calendar' | 'valid_from' | 'valid_to' | 'hours'
  | 'kind' | 'place' | 'owner' | 'supplier' | 'warranty' | 'parent' | 'address' | 'lat' | 'lng' | 'radius'
  | 'username' | 'weekdays' | 'starts' | 'ends' | 'starts_at' | 'ends_at' | 'deputy' | 'note'

export interface Part {
  name: PartName
  asks: Asks
  must?: boolean
  listed?: boolean
  of?: Plural // for records
  options?: readonly Choice[]
}

export interface Kind {
  plural: Plural
  kind: 'customer' | 'contract' | 'asset' | 'place' | 'skill' | 'shift' | 'absence'
  key: 'key' | 'number' | 'id'
  parts: Part[]
  filters: PartName[]
}

const NAMES: Part = { name: 'names', asks: 'names', must: true }
export const ABSENCES = ['leave', 'sick', 'trip', 'delegation'] as const
export const SHIFTS = ['work', 'on_call', 'off'] as const

export type Choice = (typeof ABSENCES)[number] | (typeof SHIFTS)[number]

export const KINDS: Record<Plural, Kind> = {
  customers: {
    plural: 'customers',
    kind: 'customer',
    key: 'key',
    filters: [],
    parts: [NAMES, { name: 'domains', asks: 'words', listed: true }, { name: 'vip', asks: 'flag', listed: true }],
  },
  contracts: {
    plural: 'contracts',
    kind: 'contract',
    key: 'key',
    filters: ['customer'],
    parts: [
      NAMES,
      { name: 'customer', asks: 'record', of: 'customers', must: true, listed: true },
      { name: 'types', asks: 'types' },
      { name: 'sla_policy', asks: 'text', listed: true },
      { name: 'calendar', asks: 'text' },
      { name: 'valid_from', asks: 'day', must: true, listed: true },
      { name: 'valid_to', asks: 'day', listed: true },
      { name: 'hours', asks: 'number' },
    ],
  },
  assets: {
    plural: 'assets',
    kind: 'asset',
    key: 'number',
    filters: ['place', 'customer'],
    parts: [
      { name: 'kind', asks: 'text', must: true, listed: true },
      NAMES,
      { name: 'place', asks: 'record', of: 'places', listed: true },
      { name: 'owner', asks: 'person', listed: true },
      { name: 'customer', asks: 'record', of: 'customers' },
      { name: 'supplier', asks: 'text' },
      { name: 'warranty', asks: 'day', listed: true },
      { name: 'parent', asks: 'record', of: 'assets' },
    ],
  },
  places: {
    plural: 'places',
    kind: 'place',
    key: 'key',
    filters: ['parent'],
    parts: [
      NAMES,
      { name: 'parent', asks: 'record', of: 'places', listed: true },
      { name: 'address', asks: 'text', listed: true },
      { name: 'lat', asks: 'number' },
      { name: 'lng', asks: 'number' },
      { name: 'radius', asks: 'number', listed: true },
    ],
  },
  skills: { plural: 'skills', kind: 'skill', key: 'key', filters: [], parts: [NAMES] },
  shifts: {
    plural: 'shifts',
    kind: 'shift',
    key: 'id',
    filters: ['username'],
    parts: [
      { name: 'username', asks: 'person', must: true, listed: true },
      { name: 'kind', asks: 'choice', options: SHIFTS, must: true, listed: true },
      { name: 'weekdays', asks: 'weekdays', listed: true },
      { name: 'starts', asks: 'time', listed: true },
      { name: 'ends', asks: 'time', listed: true },
      { name: 'valid_from', asks: 'day' },
      { name: 'valid_to', asks: 'day' },
      { name: 'starts_at', asks: 'instant', listed: true },
      { name: 'ends_at', asks: 'instant', listed: true },
    ],
  },
  absences: {
    plural: 'absences',
    kind: 'absence',
    key: 'id',
    filters: ['username'],
    parts: [
      { name: 'username', asks: 'person', must: true, listed: true },
      { name: 'kind', asks: 'choice', options: ABSENCES, must: true, listed: true },
      { name: 'starts_at', asks: 'instant', must: true, listed: true },
      { name: 'ends_at', asks: 'instant', must: true, listed: true },
      { name: 'deputy', asks: 'person', listed: true },
      { name: 'types', asks: 'types', listed: true },
      { name: 'note', asks: 'text' },
    ],
  },
}

export const keyOf = (kind: Kind, row: RecordRow): string => String(row[kind.key])

/** What a record is called: its name, or what it is where it has none. */
export const nameOf = (kind: Kind, row: RecordRow): string => row.name ?? (kind.key === 'id' ? t(`records.one.${kind.kind as 'shift' | 'absence'}`) : keyOf(kind, row))
