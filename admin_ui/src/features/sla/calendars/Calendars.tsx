// Business calendars: the list at the left; hours and the month at the right.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { importHolidays, useCalendar, useCalendars } from '../../../api/calendars'
import { asProblem } from '../../../api/client'
import { useMe } from '../../../api/queries'
import { t } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { Bar, PlusIcon } from '../../../ui/Frame'
import './calendars.css'
import { Desk } from './Desk'
import { NewCalendar } from './NewCalendar'

export default function Calendars() {
  const [search, setSearch] = useSearchParams()
  const client = useQueryClient()
  const { message } = App.useApp()
  const manages = useMe().permissions.includes('manage_calendars')
  const list = useCalendars()
  const chosen = search.get('calendar') ?? list.data?.items[0]?.key ?? null
  const opened = useCalendar(chosen)
  const [making, setMaking] = useState(false)
  const choose = (key: string) => setSearch({ calendar: key }, { replace: true })
  const takeHolidays = async () => {
    try {
      const { years } = await importHolidays()
      await client.invalidateQueries({ queryKey: ['calendars'] })
      void message.success(years.length ? t('sla.cal.holidaysTaken', { years: years.join(t('list.comma')) }) : t('sla.cal.holidaysNone'))
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  return (
    <>
      <Bar
        title={<h1>{t('sla.cal.title')}</h1>}
        tools={
          manages && (
            <>
              <Button size="small" onClick={() => void takeHolidays()}>
                {t('sla.cal.takeHolidays')}
              </Button>
              <Button type="primary" size="small" icon={<PlusIcon />} onClick={() => setMaking(true)}>
                {t('sla.cal.new')}
              </Button>
            </>
          )
        }
      />
      <div className="calendars">
        <nav className="calendars-list" aria-label={t('sla.cal.title')}>
          {list.error ? (
            <Failed error={list.error} again={() => void list.refetch()} />
          ) : !list.data ? (
            <Loading />
          ) : (
            list.data.items.map((one) => (
              <button key={one.key} type="button" aria-current={one.key === chosen ? 'true' : undefined} onClick={() => choose(one.key)}>
                <span className="cut">{one.name}</span>
                <span className="cap cut">{one.tz}</span>
              </button>
            ))
          )}
        </nav>
        <section className="calendars-desk" tabIndex={0} role="region" aria-label={opened.data?.calendar.name ?? t('sla.cal.title')}>
          {opened.error ? (
            <Failed error={opened.error} again={() => void opened.refetch()} />
          ) : opened.data ? (
            <Desk key={`${opened.data.calendar.key}.${opened.data.calendar.rev}`} of={opened.data.calendar} etag={opened.data.etag} manages={manages} gone={() => setSearch({}, { replace: true })} />
          ) : list.data && !list.data.items.length ? (
            <Empty title={t('sla.cal.none')} />
          ) : (
            <Loading lines={8} />
          )}
        </section>
      </div>
      {making && <NewCalendar taken={list.data?.items.map((one) => one.key) ?? []} close={() => setMaking(false)} made={choose} />}
    </>
  )
}
