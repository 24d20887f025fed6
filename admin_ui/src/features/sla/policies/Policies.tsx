// Service levels of a type: policies in the order in which they are tried, beside them what they come to.
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { useCalendars } from '../../../api/calendars'
import { t } from '../../../i18n/t'
import { Empty, Loading } from '../../../ui/bits'
import { PlusIcon } from '../../../ui/Frame'
import { SettingsPage } from '../SettingsPage'
import { useDraftFacts } from '../useFields'
import { useSettings } from '../useSettings'
import { DueTimes } from './DueTimes'
import type { PolicyDoc, SlaDoc } from './model'
import { PolicyCard } from './PolicyCard'

const FRESH: PolicyDoc = { metric: 'resolution', goals: [{ target: 'PT8H' }], steps: [{ at: '75%', notify: ['assignee'] }] }

export default function Policies() {
  const { key = '' } = useParams()
  const { doc, file, state, wrong, set } = useSettings<SlaDoc>(key, 'sla')
  return (
    <SettingsPage on="sla" state={doc ? state : undefined} wrong={wrong} findings={file?.findings}>
      {doc && file ? <Desk typeKey={key} doc={doc} set={set} text={file.text} /> : <Loading lines={6} />}
    </SettingsPage>
  )
}

function Desk({ typeKey, doc, set, text }: { typeKey: string; doc: SlaDoc; set: (doc: SlaDoc) => void; text: string }) {
  const facts = useDraftFacts(typeKey)
  const calendars = useCalendars().data?.items.map((one) => ({ value: one.key, label: one.name })) ?? []
  const [open, setOpen] = useState<number | null>(null)
  const policies = doc.policy ?? []
  const put = (next: PolicyDoc[]) => set({ ...doc, policy: next })
  const move = (from: number, by: number) => {
    const next = [...policies]
    next.splice(from + by, 0, ...next.splice(from, 1))
    setOpen(open === from ? from + by : open)
    put(next)
  }
  const add = () => {
    setOpen(policies.length)
    put([...policies, FRESH])
  }
  return (
    <div className="settings-split">
      <div className="settings-list">
        <div className="settings-fields">
          <span className="t13 ink2">{t('sla.usualCalendar')}</span>
          <Select aria-label={t('sla.usualCalendar')} style={{ minWidth: 180 }} value={doc.calendar ?? 'always'} onChange={(calendar: string) => set({ ...doc, calendar })} options={calendars} />
          <span className="t13 ink2">{t('sla.atRisk')}</span>
          <InputNumber aria-label={t('sla.atRisk')} min={1} max={100} precision={0} suffix="%" style={{ width: 96 }} value={doc.at_risk ?? 50} onChange={(at_risk) => set({ ...doc, at_risk: at_risk ?? 50 })} />
        </div>
        {policies.map((policy, at) => (
          <PolicyCard
            key={at}
            policy={policy}
            facts={facts}
            calendars={calendars}
            open={open === at}
            toggle={() => setOpen(open === at ? null : at)}
            onChange={(next) => put(policies.map((one, place) => (place === at ? next : one)))}
            remove={() => {
              setOpen(null)
              put(policies.filter((_, place) => place !== at))
            }}
            up={at > 0 ? () => move(at, -1) : null}
            down={at < policies.length - 1 ? () => move(at, 1) : null}
          />
        ))}
        {!policies.length && <Empty title={t('sla.noPolicies')} text={t('sla.noPoliciesWhat')} />}
        <div>
          <Button icon={<PlusIcon />} onClick={add}>
            {t('sla.addPolicy')}
          </Button>
        </div>
      </div>
      <DueTimes text={text} policies={policies} />
    </div>
  )
}
