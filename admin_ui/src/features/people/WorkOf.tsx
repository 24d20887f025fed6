// How somebody is reached and works: address, skills with levels, capacity, place and customer.
import { Input, InputNumber, Select } from 'antd'
import { X } from 'lucide-react'
import { useRecords } from '../../api/records'
import { t } from '../../i18n/t'
import { icon14, IconButton } from '../../ui/bits'
import { RecordPicker } from '../records/RecordPicker'
import { Labelled } from './EditBox'

export interface Work {
  email: string | null
  phone: string | null
  time_zone: string
  skills: Record<string, number>
  capacity: number | null
  place: string | null
  customer: string | null
}

const ZONES = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone }))

export function WorkOf({ given, set, errors }: { given: Work; set: (part: Partial<Work>) => void; errors: Record<string, string> }) {
  return (
    <>
      <Labelled label={t('people.email')} error={errors.email}>
        {(named) => <Input {...named} type="email" autoComplete="off" value={given.email ?? ''} onChange={(event) => set({ email: event.target.value.trim() || null })} />}
      </Labelled>
      <Labelled label={t('people.phone')} error={errors.phone}>
        {(named) => <Input {...named} type="tel" autoComplete="off" value={given.phone ?? ''} onChange={(event) => set({ phone: event.target.value || null })} />}
      </Labelled>
      <Labelled label={t('people.timeZone')} error={errors.time_zone}>
        {(named) => <Select {...named} showSearch style={{ width: '100%' }} value={given.time_zone} onChange={(time_zone: string) => set({ time_zone })} options={ZONES} />}
      </Labelled>
      <Labelled label={t('people.skills')} error={errors.skills}>
        {(named) => <Skills id={named.id} value={given.skills} onChange={(skills) => set({ skills })} />}
      </Labelled>
      <Labelled label={t('people.capacity')} error={errors.capacity} help={t('people.capacityWhat')}>
        {(named) => <InputNumber {...named} min={0} max={1000} precision={0} value={given.capacity} onChange={(capacity) => set({ capacity })} />}
      </Labelled>
      <Labelled label={t('people.place')} error={errors.place}>
        {(named) => <RecordPicker {...named} plural="places" value={given.place} onChange={(place) => set({ place })} />}
      </Labelled>
      <Labelled label={t('people.customer')} error={errors.customer}>
        {(named) => <RecordPicker {...named} plural="customers" value={given.customer} onChange={(customer) => set({ customer })} />}
      </Labelled>
    </>
  )
}

function Skills({ id, value, onChange }: { id: string; value: Record<string, number>; onChange: (skills: Record<string, number>) => void }) {
  const { data } = useRecords('skills', {}, 200)
  const skills = data?.pages.flatMap((page) => page.items) ?? []
  const name = (key: string) => skills.find((one) => one.key === key)?.name ?? key
  const free = skills.filter((one) => !((one.key as string) in value)).map((one) => ({ value: one.key as string, label: one.name ?? (one.key as string) }))
  const drop = (key: string) => onChange(Object.fromEntries(Object.entries(value).filter(([one]) => one !== key)))
  return (
    <div className="col g8">
      {Object.entries(value).map(([key, level]) => (
        <div className="row apart g8" key={key}>
          <span>{name(key)}</span>
          <span className="row g8">
            <InputNumber aria-label={t('people.skillLevel', { skill: name(key) })} min={1} max={5} precision={0} style={{ width: 64 }} value={level} onChange={(next) => next && onChange({ ...value, [key]: next })} />
            <IconButton label={t('people.dropSkill', { skill: name(key) })} onClick={() => drop(key)}>
              <X {...icon14} />
            </IconButton>
          </span>
        </div>
      ))}
      <Select id={id} showSearch={{ optionFilterProp: 'label' }} style={{ width: '100%' }} placeholder={t('people.addSkill')} value={null} options={free} onChange={(key: string | null) => key && onChange({ ...value, [key]: 3 })} />
    </div>
  )
}
