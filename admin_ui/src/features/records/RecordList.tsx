// Records of one kind as a table: searched, filtered, opened, and for assets chosen for printing.
import { Button, Checkbox, Input } from 'antd'
import { Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useRecords, type RecordRow } from '../../api/records'
import { t } from '../../i18n/t'
import { Empty, Failed, icon14, Loading, Name } from '../../ui/bits'
import { keyOf, nameOf, type Kind } from './kinds'
import { Shown } from './PartInput'
import { PersonPicker } from '../../form/controls/named'
import { RecordPicker } from './RecordPicker'

interface Props {
  kind: Kind
  edit: (row: RecordRow) => void
  chosen?: string[] // keys, where rows can be chosen
  choose?: (keys: string[]) => void
}

export function RecordList({ kind, edit, chosen, choose }: Props) {
  const [q, setQ] = useState('')
  const [filters, setFilters] = useState<Record<string, string | null>>({})
  const asked = useDeferredValue(q)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRecords(kind.plural, { q: asked, ...filters })
  const rows = data?.pages.flatMap((page) => page.items)
  const listed = kind.parts.filter((part) => part.listed)
  const personal = kind.key === 'id'
  const mark = (key: string, on: boolean) => choose?.(on ? [...(chosen ?? []), key] : (chosen ?? []).filter((one) => one !== key))
  return (
    <div className="col g12 tab-body">
      <div className="record-filters">
        {!personal && <Input type="search" aria-label={t('records.find')} placeholder={t('records.find')} prefix={<Search {...icon14} />} value={q} onChange={(event) => setQ(event.target.value)} allowClear />}
        {kind.filters.map((name) => {
          const part = kind.parts.find((one) => one.name === name)!
          const set = (key: string | null) => setFilters((before) => ({ ...before, [name]: key }))
          return part.asks === 'person' ? (
            <PersonPicker key={name} aria-label={t(`records.part.${name}`)} placeholder={t(`records.part.${name}`)} value={filters[name] ?? null} onChange={set} />
          ) : (
            <RecordPicker key={name} aria-label={t(`records.part.${name}`)} placeholder={t(`records.part.${name}`)} plural={part.of!} value={filters[name] ?? null} onChange={set} />
          )
        })}
      </div>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : !rows ? (
        <Loading />
      ) : !rows.length ? (
        <div className="card">
          <Empty title={t('records.none')} />
        </div>
      ) : (
        <div className="card">
          <table className="table cards">
            <thead>
              <tr>
                {choose && (
                  <th className="record-choose">
                    <Checkbox aria-label={t('records.chooseAll')} checked={rows.every((row) => chosen?.includes(keyOf(kind, row)))} onChange={(event) => choose(event.target.checked ? rows.map((row) => keyOf(kind, row)) : [])} />
                  </th>
                )}
                {!personal && <th>{t('people.name')}</th>}
                {!personal && <th>{t(kind.key === 'number' ? 'records.number' : 'people.key')}</th>}
                {listed.map((part) => (
                  <th key={part.name}>{t(`records.part.${part.name}`)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const key = keyOf(kind, row)
                return (
                  <tr key={key}>
                    {choose && (
                      <td className="record-choose">
                        <Checkbox aria-label={t('records.choose', { name: nameOf(kind, row) })} checked={chosen?.includes(key)} onChange={(event) => mark(key, event.target.checked)} />
                      </td>
                    )}
                    {!personal && (
                      <td>
                        <button type="button" className="link" onClick={() => edit(row)}>
                          {nameOf(kind, row)}
                        </button>
                      </td>
                    )}
                    {!personal && <td data-label={t(kind.key === 'number' ? 'records.number' : 'people.key')}>{key}</td>}
                    {listed.map((part, place) => (
                      <td key={part.name} data-label={personal && !place ? undefined : t(`records.part.${part.name}`)}>
                        {personal && !place ? (
                          <button type="button" className="link" onClick={() => edit(row)}>
                            <Name of={row[part.name] as string} />
                          </button>
                        ) : (
                          <Shown part={part} value={row[part.name]} />
                        )}
                      </td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('do.more')}
        </Button>
      )}
    </div>
  )
}
