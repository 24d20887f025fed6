// Whom to tell: parts in the ticket, groups, and people by their username.
import { Select } from 'antd'
import { useGroups } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { PARTS, useWho } from './who'

export function WhoInput({ value, onChange, label, more = [] }: { value: string[]; onChange: (who: string[]) => void; label: string; more?: string[] }) {
  const who = useWho()
  const groups = useGroups().data?.items ?? []
  const known = [...PARTS, ...more, ...groups.map((group) => `group:${group.key}`)]
  const options = [...new Set([...known, ...value])].map((one) => ({ value: one, label: one.startsWith('group:') ? words(groups.find((group) => `group:${group.key}` === one)?.name) || one.slice(6) : who(one) }))
  // What is typed beside the list is a username.
  const take = (chosen: string[]) => onChange(chosen.map((one) => (known.includes(one) || one.includes(':') ? one : `user:${one}`)))
  return <Select mode="tags" aria-label={label} placeholder={t('sla.nobody')} style={{ minWidth: 220, flex: 1 }} value={value} onChange={take} options={options} optionFilterProp="label" />
}
