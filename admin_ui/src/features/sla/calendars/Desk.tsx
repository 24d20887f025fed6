// One calendar: its hours by weekday, the month with its exceptions, and what a file brings in.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Popconfirm, Select, Switch } from 'antd'
import { useRef, useState } from 'react'
import { deleteCalendar, importDays, putCalendar, type Calendar, type CalendarDoc } from '../../../api/calendars'
import { asProblem } from '../../../api/client'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { Labelled } from '../../people/EditBox'
import { Month } from './Month'
import { Weekly } from './Weekly'

const ZONES = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone }))
const FIXED = 'always' // stays as it is

interface Props {
  of: Calendar
  etag: string | null
  manages: boolean
  gone: () => void
}

export function Desk({ of, etag, manages, gone }: Props) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [doc, setDoc] = useState<CalendarDoc>({ name: of.name, tz: of.tz, holidays: of.holidays, weekly: of.weekly, exceptions: of.exceptions })
  const [wrong, setWrong] = useState<string[]>([])
  const [busy, setBusy] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const may = manages && of.key !== FIXED
  const changed = JSON.stringify(doc) !== JSON.stringify({ name: of.name, tz: of.tz, holidays: of.holidays, weekly: of.weekly, exceptions: of.exceptions })
  const set = (part: Partial<CalendarDoc>) => setDoc((before) => ({ ...before, ...part }))
  const run = async (todo: () => Promise<unknown>, done: string) => {
    setBusy(true)
    setWrong([])
    try {
      await todo()
      await client.invalidateQueries({ queryKey: ['calendars'] })
      void message.success(done)
      return true
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.errors.length ? problem.errors.map((one) => `${one.pointer.split('/').slice(1).join(' · ')} ${one.detail}`) : [problem.message])
      return false
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="col g16">
      {of.key === FIXED && <Remark tone="neutral">{t('sla.cal.fixed')}</Remark>}
      {wrong.length > 0 && (
        <Remark tone="red">
          {wrong.map((one) => (
            <div key={one}>{one}</div>
          ))}
        </Remark>
      )}
      <section className="card p16 col g16">
        <div className="calendar-facts">
          <Labelled label={t('sla.cal.name')}>{(named) => <Input {...named} disabled={!may} maxLength={200} value={doc.name} onChange={(event) => set({ name: event.target.value })} />}</Labelled>
          <Labelled label={t('sla.cal.zone')}>{(named) => <Select {...named} disabled={!may} showSearch style={{ width: '100%' }} value={doc.tz} onChange={(tz: string) => set({ tz })} options={ZONES} />}</Labelled>
          <Labelled label={t('sla.cal.holidays')} help={of.official_until ? t('sla.cal.until', { year: of.official_until }) : undefined}>
            {(named) => <Switch id={named.id} style={{ alignSelf: 'flex-start' }} disabled={!may} checked={doc.holidays === 'CN'} onChange={(on) => set({ holidays: on ? 'CN' : null })} />}
          </Labelled>
        </div>
        <Weekly value={doc.weekly} disabled={!may} onChange={(weekly) => set({ weekly })} />
        {may && (
          <div className="row g8 wrap">
            <Button type="primary" loading={busy} disabled={!changed} onClick={() => void run(() => putCalendar(of.key, doc, etag), t('sla.saved'))}>
              {t('do.save')}
            </Button>
            <Button loading={busy} onClick={() => picker.current?.click()}>
              {t('sla.cal.import')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept=".ics,.csv,.json"
              hidden
              aria-label={t('sla.cal.import')}
              onChange={(event) => {
                const file = event.target.files?.[0]
                event.target.value = ''
                if (file) void run(() => importDays(of.key, file), t('sla.cal.imported'))
              }}
            />
            <span className="cap grow">{t('sla.cal.importWhat')}</span>
            <Popconfirm title={t('sla.cal.removeAsk')} okText={t('sla.remove')} cancelText={t('do.cancel')} onConfirm={() => void run(() => deleteCalendar(of.key), t('sla.cal.removed')).then((done) => done && gone())}>
              <Button danger>{t('sla.remove')}</Button>
            </Popconfirm>
          </div>
        )}
      </section>
      <section className="card p16">
        <Month calendarKey={of.key} version={of.version} exceptions={doc.exceptions} unsaved={changed} onChange={may ? (exceptions) => set({ exceptions }) : null} />
      </section>
    </div>
  )
}
