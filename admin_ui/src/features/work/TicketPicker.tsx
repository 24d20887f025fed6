// Choosing another ticket by its number or words.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { findTickets } from '../../api/workspace'
import { t } from '../../i18n/t'

export function TicketPicker({ value, onChange, without }: { value: string | undefined; onChange: (number: string) => void; without?: string }) {
  const [q, setQ] = useState('')
  const asked = useDeferredValue(q)
  const found = useQuery({ queryKey: ['tickets', 'find', asked], queryFn: () => findTickets(asked), enabled: asked.trim().length > 0, placeholderData: (before) => before })
  return (
    <Select
      aria-label={t('work.otherTicket')}
      placeholder={t('work.findTicket')}
      showSearch={{ filterOption: false, onSearch: setQ }}
      value={value}
      onChange={onChange}
      notFoundContent={null}
      options={found.data?.items.filter((one) => one.number !== without).map((one) => ({ value: one.number, label: `${one.number} ${one.title}` }))}
    />
  )
}
