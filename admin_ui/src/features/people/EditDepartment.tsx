import { Input, Select } from 'antd'
import { useState } from 'react'
import { useDepartments } from '../../api/queries'
import type { Department } from '../../api/types'
import { t, words } from '../../i18n/t'
import { PersonPicker } from '../../form/controls/named'
import { EditBox, Labelled } from './EditBox'
import { inLanguages, NamesInput } from './NamesInput'

export function EditDepartment({ of, close }: { of: Department | null; close: () => void }) {
  const [key, setKey] = useState(of?.key ?? '')
  const [names, setNames] = useState(inLanguages(of?.names ?? of?.name))
  const [parent, setParent] = useState(of?.parent ?? null)
  const [head, setHead] = useState(of?.head ?? null)
  const departments = useDepartments()
  const save = () =>
    of
      ? { method: 'PATCH' as const, path: `/departments/${encodeURIComponent(of.key)}`, body: { names, parent, head } }
      : { method: 'POST' as const, path: '/departments', body: { key: key.trim(), names, parent, head } }
  return (
    <EditBox title={of ? words(of.name) || of.key : t('people.new.departments')} keys={['departments']} save={save} close={close}>
      {(errors) => (
        <>
          {!of && (
            <Labelled label={t('people.key')} error={errors.key} must help={t('people.keyWhat')}>
              {(named) => <Input {...named} value={key} onChange={(event) => setKey(event.target.value)} />}
            </Labelled>
          )}
          <NamesInput value={names} onChange={setNames} error={errors.name ?? errors.names} />
          <Labelled label={t('people.parent')} error={errors.parent}>
            {(named) => (
              <Select
                {...named}
                allowClear
                style={{ width: '100%' }}
                value={parent ?? undefined}
                onChange={(next?: string) => setParent(next ?? null)}
                options={(departments.data?.items ?? []).filter((one) => one.key !== of?.key).map((one) => ({ value: one.key, label: words(one.name) || one.key }))}
              />
            )}
          </Labelled>
          <Labelled label={t('people.head')} error={errors.head}>
            {(named) => <PersonPicker {...named} value={head} onChange={setHead} />}
          </Labelled>
        </>
      )}
    </EditBox>
  )
}
