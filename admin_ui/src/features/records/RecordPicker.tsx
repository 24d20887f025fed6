// Finds a record by its name or key.
import { Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { findRecords, useRecord, type Plural, type RecordRow } from '../../api/records'
import { t } from '../../i18n/t'
import { KINDS, keyOf, nameOf } from './kinds'

const PAUSE = 200

interface Props {
  plural: Plural
  value: string | null
  onChange: (key: string | null) => void
  placeholder?: string
  but?: string // a record that cannot be chosen
  id?: string
  status?: 'error'
  [aria: `aria-${string}`]: unknown
}

export function RecordPicker({ plural, value, onChange, placeholder, but, ...rest }: Props) {
  const kind = KINDS[plural]
  const [found, setFound] = useState<RecordRow[]>([])
  const timer = useRef(0)
  const chosen = useRecord(plural, value)
  const find = (q: string) => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void findRecords(plural, q).then((page) => setFound(page.items), () => setFound([])), q ? PAUSE : 0)
  }
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const options = found.filter((row) => keyOf(kind, row) !== but).map((row) => ({ value: keyOf(kind, row), label: nameOf(kind, row) }))
  if (value && !options.some((one) => one.value === value)) options.unshift({ value, label: chosen.data ? nameOf(kind, chosen.data) : value })
  return (
    <Select
      {...rest}
      style={{ width: '100%' }}
      allowClear
      showSearch={{ filterOption: false, onSearch: find }}
      onOpenChange={(open) => open && !found.length && find('')}
      placeholder={placeholder}
      notFoundContent={t('records.none')}
      value={value ?? undefined}
      onChange={(next?: string) => onChange(next ?? null)}
      options={options}
    />
  )
}

/** A record's name where only its key is known. */
export function RecordName({ plural, of }: { plural: Plural; of: string }) {
  const { data } = useRecord(plural, of)
  return <>{data ? nameOf(KINDS[plural], data) : of}</>
}
