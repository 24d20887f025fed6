// What conditions may speak of, and the steps of the process: read from the files of the draft.
import { useQuery } from '@tanstack/react-query'
import { readDraftFile, useDraft } from '../../api/drafts'
import { useGroups } from '../../api/queries'
import type { PickField } from '../../feel/condition'
import { t, words } from '../../i18n/t'
import { pickable } from '../design/forms/LogicTab'
import { readForm } from '../design/forms/useEditing'

const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4']
const WORK = /^(userTask|manualTask|task)$/

export interface DraftFacts {
  fields: PickField[]
  steps: { value: string; label: string }[]
}

export function useDraftFacts(key: string): DraftFacts {
  const draft = useDraft(key)
  const groups = useGroups().data?.items ?? []
  const files = (draft.data?.files ?? []).filter(({ path }) => /^forms\/[^/]+\.json$/.test(path) || path.endsWith('.bpmn'))
  const read = useQuery({
    queryKey: ['drafts', key, 'facts', files.map((file) => `${file.path}@${file.rev}`).join()],
    queryFn: () => Promise.all(files.map(async ({ path }) => ({ path, text: (await readDraftFile(key, path)).text }))),
    enabled: files.length > 0,
  })
  const texts = read.data ?? []
  const answers = new Map(texts.filter(({ path }) => path.endsWith('.json')).flatMap(({ text }) => pickable(readForm(text).form?.fields ?? [])).map((field) => [field.name, field]))
  const own: PickField[] = [
    { name: 'priority', label: t('sla.field.priority'), kind: 'choice', options: PRIORITIES.map((value) => ({ value, label: value })) },
    { name: 'vip', label: t('sla.field.vip'), kind: 'boolean' },
    { name: 'customer', label: t('sla.field.customer'), kind: 'text' },
    { name: 'contract.policy', label: t('sla.field.contract'), kind: 'text' },
    { name: 'group', label: t('sla.field.group'), kind: 'choice', options: groups.map((group) => ({ value: group.key, label: words(group.name) || group.key })) },
    { name: 'requester', label: t('sla.field.requester'), kind: 'user' },
  ]
  const taken = new Set(own.map((field) => field.name))
  return {
    fields: [...own, ...[...answers.values()].filter((field) => !taken.has(field.name))],
    steps: texts.filter(({ path }) => path.endsWith('.bpmn')).flatMap(({ text }) => stepsIn(text)),
  }
}

function stepsIn(xml: string): DraftFacts['steps'] {
  const found = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('*')
  return [...found].filter((one) => WORK.test(one.localName) && one.id).map((one) => ({ value: one.id, label: one.getAttribute('name') || one.id }))
}
