// As whom something is done: a stand-in for a role or a group, or any person by name.
import { Select } from 'antd'
import { useRef, useState } from 'react'
import { findPeople, useGroups, useName, useRoles } from '../../../api/queries'
import type { Person } from '../../../api/types'
import { t, words } from '../../../i18n/t'

const PAUSE = 200

export function As({ value, onChange, label, meant }: { value: string; onChange: (who: string) => void; label: string; meant?: string }) {
  const groups = useGroups()
  const roles = useRoles()
  const [people, setPeople] = useState<Person[]>([])
  const [asked, setAsked] = useState(false)
  const timer = useRef(0)
  const person = useName(isPerson(value) ? value : null)
  const find = (q: string) => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      setAsked(true)
      findPeople(q).then((page) => setPeople(page.items), () => setPeople([]))
    }, PAUSE)
  }
  const standIns = [
    ...(roles.data?.items ?? []).map(({ key, name }) => ({ value: `role:${key}`, label: t('tryIt.role', { name }) })),
    ...(groups.data?.items ?? []).map(({ key, name }) => ({ value: `group:${key}`, label: t('tryIt.group', { name: words(name) || key }) })),
  ]
  const named = people.map(({ username, name }) => ({ value: username, label: name }))
  const all = [...standIns, ...named]
  const extra = [value, meant].filter((one): one is string => !!one && !all.some((option) => option.value === one)).map((one) => ({ value: one, label: one === value && isPerson(one) ? person : one.replace(/^\w+:/, '') }))
  return (
    <label className="col g4 t12 ink2">
      {label}
      <Select
        size="small"
        value={value}
        onChange={onChange}
        aria-label={label}
        showSearch={{ onSearch: find, optionFilterProp: 'label' }}
        onOpenChange={(open) => open && !asked && find('')}
        options={[...new Map([...extra, ...all].map((one) => [one.value, one])).values()]}
      />
    </label>
  )
}

const isPerson = (who: string): boolean => !who.includes(':')
