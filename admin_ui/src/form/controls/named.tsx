// Kinds whose answer names a person, a group or a department.
import { Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Person } from '../../api/types'
import { findPeople, useDepartments, useGroups, useName } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { aria, size, type ControlProps } from './props'

const PAUSE = 200

interface PickerProps {
  value: string | null
  onChange: (username: string | null) => void
  placeholder?: string
  size?: 'small' | 'middle' | 'large'
  status?: 'error'
  id?: string
  [aria: `aria-${string}`]: unknown
}

/** Finds a person by name or username. */
export function PersonPicker({ value, onChange, placeholder, ...rest }: PickerProps) {
  const [found, setFound] = useState<Person[]>([])
  const [asked, setAsked] = useState(false)
  const timer = useRef(0)
  const name = useName(value)
  const find = (q: string) => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      setAsked(true)
      findPeople(q).then((page) => setFound(page.items), () => setFound([]))
    }, q ? PAUSE : 0)
  }
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const options = found.map((person) => ({ value: person.username, label: person.name, person }))
  if (value && !found.some((person) => person.username === value)) options.unshift({ value, label: name, person: { username: value, name } })
  return (
    <Select
      {...rest}
      style={{ width: '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: find }}
      onOpenChange={(open) => open && !asked && find('')}
      placeholder={placeholder ?? t('form.findPerson')}
      notFoundContent={t('state.nobody')}
      value={value ?? undefined}
      onChange={(next?: string) => onChange(next ?? null)}
      options={options}
      optionRender={(option) => (
        <span className="row g8 apart">
          {option.data.label}
          <span className="cap">{option.data.value}</span>
        </span>
      )}
    />
  )
}

export function User(props: ControlProps) {
  return <PersonPicker {...aria(props)} size={size(props)} value={(props.value as string | null) ?? null} onChange={props.onChange} placeholder={words(props.field.placeholder) || undefined} />
}

export function GroupOrDepartment(props: ControlProps) {
  const groups = useGroups()
  const departments = useDepartments()
  const items = (props.field.kind === 'group' ? groups.data?.items : departments.data?.items) ?? []
  const { status, ...named } = aria(props)
  return (
    <Select
      {...named}
      status={status}
      size={size(props)}
      style={{ width: '100%' }}
      allowClear={!props.state.required}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={words(props.field.placeholder) || t('form.choose')}
      value={(props.value as string | null) ?? undefined}
      onChange={(next?: string) => props.onChange(next ?? null)}
      options={items.map((item) => ({ value: item.key, label: words(item.name) || item.key }))}
    />
  )
}
