// A new calendar begins with office hours, to be changed on its page.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Input } from 'antd'
import { useState, type FormEvent } from 'react'
import { putCalendar, type Range } from '../../../api/calendars'
import { asProblem } from '../../../api/client'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { Labelled } from '../../people/EditBox'

const OFFICE: Range[] = [
  ['09:00', '12:00'],
  ['13:30', '18:00'],
]
const WEEK = Array.from({ length: 7 }, (_, day) => (day < 5 ? OFFICE : []))

export function NewCalendar({ taken, close, made }: { taken: string[]; close: () => void; made: (key: string) => void }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const twice = taken.includes(key)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await putCalendar(key, { name, tz: Intl.DateTimeFormat().resolvedOptions().timeZone, holidays: null, weekly: WEEK, exceptions: {} }, 'new')
      await client.invalidateQueries({ queryKey: ['calendars'] })
      made(key)
      close()
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.errors[0]?.detail ?? problem.message)
    }
  }
  return (
    <Drawer open onClose={close} title={t('sla.cal.new')} size={420} destroyOnHidden>
      <form className="col g16" onSubmit={(event) => void submit(event)} noValidate>
        <Labelled label={t('sla.cal.name')} must>
          {(named) => <Input {...named} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Labelled>
        <Labelled label={t('sla.cal.key')} must help={t('sla.cal.keyWhat')} error={twice ? t('sla.cal.keyTaken') : undefined}>
          {(named) => <Input {...named} maxLength={64} value={key} onChange={(event) => setKey(event.target.value.trim())} />}
        </Labelled>
        {wrong && <Remark tone="red">{wrong}</Remark>}
        <div className="row g8">
          <Button type="primary" htmlType="submit" disabled={!name.trim() || !key || twice}>
            {t('do.save')}
          </Button>
          <Button onClick={close}>{t('do.cancel')}</Button>
        </div>
      </form>
    </Drawer>
  )
}
