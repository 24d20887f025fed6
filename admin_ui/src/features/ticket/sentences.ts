// A fact of the history as a sentence in the reader's language.
import type { HistoryItem } from '../../api/types'
import { known, t, words } from '../../i18n/t'
import { when } from '../../ui/time'

export interface Names {
  person: (username: string) => string
  group: (key: string) => string
  field: (key: string) => string
  task: (id: string) => string // the step that a task belonged to
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export function sentence(fact: HistoryItem, names: Names): string {
  const data = fact.data
  const blanks = {
    element: words(fact.element_name) || names.task(text(data.task)) || t('history.step'),
    who: data.assignee || data.user || data.username ? names.person(text(data.assignee ?? data.user ?? data.username)) : '',
    candidates: list(data.candidates, (entry) => candidate(entry, names)),
    people: list(data.people, names.person),
    minutes: text(data.minutes),
    before: text(data.before_label ?? data.before) || t('state.blank'),
    after: text(data.after_label ?? data.after) || t('state.blank'),
    action: text(data.action_label ?? data.action),
    name: text(data.name),
    number: text(data.to),
    score: text(data.score),
    fields: fields(data, names),
    due: data.due ? when(text(data.due)) : '',
    code: text(data.reason ?? data.detail ?? data.code),
  }
  return known(`history.${variant(fact, blanks)}`, blanks) ?? known(`history.${fact.kind}`, blanks) ?? t('history.other')
}

/** Some facts read better in other words when they say more or less. */
function variant(fact: HistoryItem, { who, candidates, action }: { who: string; candidates: string; action: string }): string {
  if (fact.kind === 'task_opened') return who ? 'task_opened.who' : candidates ? 'task_opened.for' : 'task_opened'
  if (fact.kind === 'task_completed' && action) return 'task_completed.action'
  if (fact.kind.startsWith('approval_')) return `${fact.kind}.${text(fact.data.outcome ?? fact.data.action)}`
  if (fact.kind === 'comment_added' && fact.data.visibility === 'internal') return 'comment_added.internal'
  return fact.kind
}

function list(value: unknown, say: (entry: string) => string): string {
  return Array.isArray(value) ? value.map((entry) => say(text(entry))).join(t('list.comma')) : ''
}

export function candidate(entry: string, names: Pick<Names, 'person' | 'group'>): string {
  const colon = entry.indexOf(':')
  const kind = entry.slice(0, colon)
  const key = entry.slice(colon + 1)
  if (kind === 'user') return names.person(key)
  if (kind === 'group') return names.group(key)
  if (kind === 'role') return known(`role.${key}`) ?? key
  return key
}

function fields(data: Record<string, unknown>, names: Names): string {
  const changed = data.fields ?? data.changed ?? data.values
  if (Array.isArray(changed)) return changed.map((key) => names.field(text(key))).join(t('list.comma'))
  if (changed && typeof changed === 'object') return Object.keys(changed).map(names.field).join(t('list.comma'))
  return ''
}
