// Notification rules of a type: what happens, if what holds, who hears it, over what, in which words.
import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { t } from '../../../i18n/t'
import { Empty, Loading } from '../../../ui/bits'
import { PlusIcon } from '../../../ui/Frame'
import type { PickField } from '../../../feel/condition'
import { SettingsPage } from '../SettingsPage'
import { useDraftFacts } from '../useFields'
import { useSettings } from '../useSettings'
import { RuleCard, type RuleDoc } from './RuleCard'

interface NoticesDoc {
  rule?: RuleDoc[]
}

const FRESH: RuleDoc = { on: 'status_changed', to: ['requester'], by: ['inbox', 'email'] }

export default function NoticeRules() {
  const { key = '' } = useParams()
  const { doc, file, state, wrong, set } = useSettings<NoticesDoc>(key, 'notifications')
  return (
    <SettingsPage on="notifications" state={doc ? state : undefined} wrong={wrong} findings={file?.findings}>
      {doc ? <Desk typeKey={key} rules={doc.rule ?? []} put={(rule) => set({ ...doc, rule })} /> : <Loading lines={6} />}
    </SettingsPage>
  )
}

function Desk({ typeKey, rules, put }: { typeKey: string; rules: RuleDoc[]; put: (rules: RuleDoc[]) => void }) {
  const facts = useDraftFacts(typeKey)
  const [open, setOpen] = useState<number | null>(null)
  const fields: PickField[] = [
    { name: 'fact.after', label: t('sla.notice.after'), kind: 'text' },
    { name: 'fact.before', label: t('sla.notice.before'), kind: 'text' },
    { name: 'fact.element', label: t('sla.notice.element'), kind: 'choice', options: facts.steps },
    ...facts.fields.filter((field) => !['vip', 'customer', 'contract.policy'].includes(field.name)),
  ]
  return (
    <div className="settings-list">
      <p className="t13 ink2">{t('sla.notice.what')}</p>
      {rules.map((rule, at) => (
        <RuleCard
          key={at}
          typeKey={typeKey}
          rule={rule}
          fields={fields}
          open={open === at}
          toggle={() => setOpen(open === at ? null : at)}
          onChange={(next) => put(rules.map((one, place) => (place === at ? next : one)))}
          remove={() => {
            setOpen(null)
            put(rules.filter((_, place) => place !== at))
          }}
        />
      ))}
      {!rules.length && <Empty title={t('sla.notice.none')} text={t('sla.notice.noneWhat')} />}
      <div>
        <Button
          icon={<PlusIcon />}
          onClick={() => {
            setOpen(rules.length)
            put([...rules, FRESH])
          }}
        >
          {t('sla.notice.add')}
        </Button>
      </div>
    </div>
  )
}
