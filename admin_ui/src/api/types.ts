// The shapes of the interface under /api/v1 as pages use them: those of schema.d.ts, which is generated from the
// interface's own description (`npm run api`), told more exactly where that says only "an object".
import type { Words } from '../i18n/t'
import type { components } from './schema'

type Schemas = components['schemas']
type With<Base, More> = Omit<Base, keyof More> & More

export type Category = Schemas['StatusOut']['category']
export type Priority = NonNullable<Schemas['NewTicket']['priority']>
export type Values = Record<string, unknown>

export interface Page<T> {
  items: T[]
  next: string | null
}

export type Session = Schemas['SessionOut']
export type StatusInfo = With<Schemas['Status'], { category: Category }>

export interface ProgressStep {
  label: string
  state: 'done' | 'current' | 'todo'
}

export type TypeCard = Schemas['TicketTypeOut']
export type TicketType = With<Schemas['TicketTypeDetailOut'], { form: FormDoc | null }>

export type TicketRow = With<Schemas['TicketRow'], { status: StatusInfo; priority: Priority; progress?: ProgressStep[] }>
export type Ticket = With<
  Schemas['Ticket'],
  {
    status: StatusInfo
    priority: Priority
    progress?: ProgressStep[]
    form?: FormDoc | null
    tasks: TaskRow[]
    links: { number: string; kind: string; title: string; category: Category; outgoing: boolean }[]
    process_incidents: { id: string; element: string | null; element_name: string | null; code: string; detail: string }[]
  }
>

export type TaskRow = With<Omit<Schemas['Task'], 'form' | 'values' | 'access' | 'tasks'>, { may: string[] }>
export type Task = TaskRow & { form: FormDoc | null; values: Values }

export type StoredFile = Schemas['File']
export type Comment = Schemas['Comment']
export type HistoryItem = Schemas['Fact']
export type DiagramState = With<
  Schemas['Diagram'],
  {
    incidents: { id: string; element: string | null; detail: string }[]
    timers: { element: string; due: string | null }[]
    names: Record<string, string>
  }
>
export type ProcessIncident = With<Schemas['Incident'], { type_name?: string }>

export type Finding = Schemas['FindingOut']
export type Process = Schemas['ProcessOut']
export type ProcessVersion = Schemas['VersionOut']
export type VersionDetail = With<Schemas['VersionDetailOut'], { bpmn?: string }>
export type Deployed = Schemas['DeploymentOut']

export type Person = With<Partial<Schemas['UserOut']>, Pick<Schemas['UserOut'], 'username' | 'name'>>
export type Group = With<Schemas['GroupOut'], { names: Record<string, string> }>
export type Department = With<Schemas['DepartmentOut'], { names: Record<string, string> }>
export type Counts = With<Schemas['Counts'], { groups: Record<string, number>; categories: Partial<Record<Category, number>> }>

// A form document: what people fill in.
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
