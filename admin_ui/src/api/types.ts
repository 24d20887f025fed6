// The shapes of the interface under /api/v1 as the browser reads them.
import type { Words } from '../i18n/t'

export type Category = 'new' | 'open' | 'waiting' | 'resolved' | 'closed' | 'cancelled'
export type Priority = 'P0' | 'P1' | 'P2' | 'P3' | 'P4'
export type Values = Record<string, unknown>

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Me {
  username: string
  name: string
  roles: string[]
  groups: string[]
  department?: string | null
  language?: string
}

export interface Session {
  user: Me
  csrf: string
  permissions: string[]
}

export interface StatusInfo {
  key: string
  category: Category
  label: Words
}

export interface ProgressStep {
  label: Words
  statuses?: string[]
  state?: 'done' | 'current' | 'todo'
}

export interface TypeCard {
  key: string
  name: Words
  description?: Words | null
  icon?: string | null
  colour?: string | null
  department?: string | null
  department_name?: Words | null
  version?: number
  progress?: ProgressStep[]
  statuses?: StatusInfo[]
}

export interface TicketType extends TypeCard {
  form: FormDoc | null
  title?: Words | null // the hint of the title field
}

export interface TicketRow {
  number: string
  type: string
  type_name?: Words | null
  title: string
  status: StatusInfo
  priority: Priority
  requester: string
  requester_name?: string | null
  assignee: string | null
  assignee_name?: string | null
  group: string | null
  group_name?: Words | null
  created_at: string
  updated_at: string
  closed_at?: string | null
  version?: number
  rev?: number
  progress?: ProgressStep[]
}

export interface Ticket extends TicketRow {
  values: Values
  form?: FormDoc | null
  tasks: TaskRow[]
  people?: Record<string, string>
  links?: { number: string; kind: string; title?: string }[]
  watching?: boolean
  watchers?: string[]
  may?: string[]
  process_incidents?: ProcessIncident[]
}

export interface TaskRow {
  id: string
  ticket: string
  element: string
  name: Words
  kind: string
  assignee: string | null
  candidates: string[]
  due: string | null
  created_at: string
  title?: string
  actions: { key: string; label: Words }[]
  may: string[]
}

export interface Task extends TaskRow {
  form: FormDoc | null
  access?: Record<string, string>
  description?: string | null
  values: Values
}

export interface StoredFile {
  id: string
  name: string
  size: number
  type: string
  visibility?: string
  uploaded_by?: string
  created_at?: string
}

export interface Comment {
  id: number
  author: string
  author_name?: string
  visibility: 'public' | 'internal'
  body: string
  created_at: string
}

export interface HistoryItem {
  seq: number
  at: string
  actor: string
  actor_name?: string
  kind: string
  element?: string | null
  element_name?: Words | null
  data: Record<string, unknown>
}

export interface DiagramState {
  bpmn: string
  active: string[]
  visited: Record<string, number>
  incidents: { id?: string; element?: string | null; detail?: string }[]
  timers?: { element: string; due: string | null }[]
  names?: Record<string, Words>
}

export interface ProcessIncident {
  id: string
  ticket: string
  type?: string
  title?: string
  type_name?: Words | null
  element: string | null
  element_name?: Words | null
  code: string
  detail?: string
  attempts?: number
  created_at: string
  resolved_at?: string | null
}

export interface Finding {
  severity: 'error' | 'warning'
  document: string
  element?: string | null
  cell?: string | null
  code: string
  text: string
}

export interface Process {
  key: string
  name: Words
  latest: number | null
  open: number
  has_draft: boolean
  created_at: string
}

export interface ProcessVersion {
  key: string
  version: number
  deployed_by: string
  deployed_at: string
  retired_at: string | null
}

export interface VersionDetail extends ProcessVersion {
  number: string
  statuses: StatusInfo[]
  forms: string[]
  decisions: string[]
  files: { path: string; size: number }[]
  bpmn?: string
}

export interface Deployed {
  key: string
  version: number
  created: boolean
  findings: Finding[]
}

export interface Person {
  username: string
  name: string
  department?: string | null
  roles?: string[]
  groups?: string[]
  manager?: string | null
  email?: string | null
  active?: boolean
}

export interface Group {
  key: string
  name: Words
  names?: Words
  members?: string[]
}

export interface Department {
  key: string
  name: Words
  names?: Words
  parent?: string | null
  head?: string | null
}

export interface Counts {
  mine?: number
  unassigned?: number
  all?: number
  groups?: Record<string, number>
  categories?: Partial<Record<Category, number>>
}

// A form document (forms.md): what people fill in.
export interface Option {
  value: string
  label?: Words
  help?: Words
  children?: Option[]
}

export interface FieldDoc {
  key: string
  kind: string
  label?: Words
  help?: Words
  placeholder?: Words
  shown?: boolean | string
  required?: boolean | string
  read_only?: boolean | string
  computed?: string
  default?: unknown
  options?: Option[] | string
  columns?: FieldDoc[]
  rules?: { check: string; message: Words }[]
  min?: number | string
  max?: number | string
  precision?: number
  unit?: Words
  currency?: string
  min_length?: number
  max_length?: number
  pattern?: string
  pattern_message?: Words
  rows?: number
  style?: string
  any_level?: boolean
  min_items?: number
  max_items?: number
  min_rows?: number
  max_rows?: number
  max_files?: number
  max_size?: number
  types?: string[]
  source?: string
  text?: Words
  [setting: string]: unknown
}

export type LayoutItem =
  | string
  | { row: string[] }
  | { group: Words; items: LayoutItem[] }
  | { tabs: { label: Words; items: LayoutItem[] }[] }

export interface FormDoc {
  key: string
  title?: Words
  description?: Words
  fields: FieldDoc[]
  layout?: LayoutItem[]
  examples?: { name: Words; values: Values }[]
}
