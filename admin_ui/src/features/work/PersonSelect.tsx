// Choosing a person by name, asked from the server as one types.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import type { Page, Person } from '../../api/types'

interface Props {
  find: (q: string) => Promise<Page<Person>>
  label: string
  onChosen: (username: string) => void
}

export function PersonSelect({ find, label, onChosen }: Props) {
  const [q, setQ] = useState('')
  const asked = useDeferredValue(q)
  const found = useQuery({ queryKey: ['users', 'find', asked], queryFn: () => find(asked), placeholderData: (before) => before })
  return (
    <Select
      aria-label={label}
      placeholder={label}
      autoFocus
      defaultOpen
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setQ }}
      onChange={onChosen}
      notFoundContent={null}
      options={found.data?.items.map((one) => ({ value: one.username, label: `${one.name} ${one.username}` }))}
    />
  )
}
