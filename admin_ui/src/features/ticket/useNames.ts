// The names that sentences about one ticket need: people, groups, fields.
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { nameOf, useGroups } from '../../api/queries'
import type { HistoryItem, Ticket } from '../../api/types'
import { t, words } from '../../i18n/t'
import type { Names } from './sentences'

const MINUTES = 60_000

export function useNames(ticket: Ticket | undefined, facts: HistoryItem[] | undefined): Names {
  const groups = useGroups()
  const known = useMemo(() => ({ ...ticket?.people, ...Object.fromEntries((facts ?? []).map((fact) => [fact.actor, fact.actor_name ?? fact.actor])) }), [ticket, facts])
  const unknown = useMemo(() => {
    const all = new Set<string>()
    for (const { data } of facts ?? []) {
      for (const name of [data.assignee, data.user, data.username]) if (typeof name === 'string') all.add(name)
      if (Array.isArray(data.candidates)) for (const entry of data.candidates as string[]) if (entry.startsWith('user:')) all.add(entry.slice(5))
    }
    return [...all].filter((name) => !(name in known))
  }, [facts, known])
  const asked = useQueries({ queries: unknown.map((name) => ({ queryKey: ['name', name], queryFn: () => nameOf(name), staleTime: 10 * MINUTES })) })
  const fields = useMemo(() => new Map((ticket?.form?.fields ?? []).map((field) => [field.key, words(field.label) || field.key])), [ticket])
  return {
    person: (username) => (username === 'system' ? t('person.system') : (known[username] ?? asked[unknown.indexOf(username)]?.data ?? username)),
    group: (key) => {
      const group = groups.data?.items.find((one) => one.key === key)
      return group ? words(group.name) || key : key
    },
    field: (key) => fields.get(key) ?? key,
    task: (id) => (id ? words(facts?.find((fact) => fact.data.task === id && fact.element_name)?.element_name) : ''),
  }
}
