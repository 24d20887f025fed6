import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { findPeople } from '../../api/queries'
import type { Group, Person } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Name } from '../../ui/bits'
import { PersonPicker } from '../../form/controls/named'
import { History } from '../records/EditRecord'
import { EditBox, Labelled } from './EditBox'
import { inLanguages, NamesInput } from './NamesInput'

export function EditGroup({ of, close }: { of: Group | null; close: () => void }) {
  const [key, setKey] = useState(of?.key ?? '')
  const [names, setNames] = useState(inLanguages(of?.names ?? of?.name))
  const [members, setMembers] = useState<string[]>(of?.members ?? [])
  const [lead, setLead] = useState(of?.lead ?? null)
  const [calendar, setCalendar] = useState(of?.calendar ?? '')
  const [weight, setWeight] = useState(of?.weight ?? 1)
  const [found, setFound] = useState<Person[]>([])
  const find = (q: string) => void findPeople(q).then((page) => setFound(page.items), () => setFound([]))
  const work = { lead, calendar: calendar.trim() || null, weight }
  const save = () =>
    of
      ? { method: 'PATCH' as const, path: `/groups/${encodeURIComponent(of.key)}`, body: { names, members, ...work } }
      : { method: 'POST' as const, path: '/groups', body: { key: key.trim(), names, members, ...work } }
  const options = new Map([...members.map((one): [string, Person | null] => [one, null]), ...found.map((one): [string, Person | null] => [one.username, one])])
  return (
    <EditBox title={of ? words(of.name) || of.key : t('people.new.groups')} keys={['groups', 'users']} save={save} close={close}>
      {(errors) => (
        <>
          {!of && (
            <Labelled label={t('people.key')} error={errors.key} must help={t('people.keyWhat')}>
              {(named) => <Input {...named} value={key} onChange={(event) => setKey(event.target.value)} />}
            </Labelled>
          )}
          <NamesInput value={names} onChange={setNames} error={errors.name ?? errors.names} />
          <Labelled label={t('people.members')} error={errors.members}>
            {(named) => (
              <Select
                {...named}
                mode="multiple"
                style={{ width: '100%' }}
                showSearch={{ filterOption: false, onSearch: find }}
                onOpenChange={(open) => open && find('')}
                value={members}
                onChange={(next: string[]) => setMembers(next)}
                options={[...options].map(([value, person]) => ({ value, label: person ? person.name : <Name of={value} /> }))}
              />
            )}
          </Labelled>
          <Labelled label={t('people.lead')} error={errors.lead}>
            {(named) => <PersonPicker {...named} value={lead} onChange={setLead} />}
          </Labelled>
          <Labelled label={t('people.calendar')} error={errors.calendar}>
            {(named) => <Input {...named} value={calendar} onChange={(event) => setCalendar(event.target.value)} />}
          </Labelled>
          <Labelled label={t('people.weight')} error={errors.weight}>
            {(named) => <InputNumber {...named} min={1} max={100} precision={0} value={weight} onChange={(next) => setWeight(next ?? 1)} />}
          </Labelled>
          {of && <History kind="group" record={of.key} />}
        </>
      )}
    </EditBox>
  )
}
