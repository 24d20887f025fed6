// One rule of who hears what.
import { Checkbox, Input, Select } from 'antd'
import { ChevronDown, ChevronRight, Trash2 } from 'lucide-react'
import type { PickField } from '../../../feel/condition'
import { ConditionPicker } from '../../../feel/ConditionPicker'
import { known, t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { Labelled } from '../../people/EditBox'
import { trimmed } from '../policies/model'
import { listed, useWho } from '../who'
import { WhoInput } from '../WhoInput'
import { TemplateEditor } from './TemplateEditor'

export interface RuleDoc {
  key?: string
  on: string
  when?: string
  to: string[]
  by?: string[]
  template?: string
  once?: boolean
  own?: boolean
}

const KINDS = ['ticket_created', 'status_changed', 'priority_changed', 'task_opened', 'task_assigned', 'task_completed', 'comment_added', 'sla_step_fired', 'sla_breached', 'approval_seat_opened', 'assignment_failed', 'fallback_used', 'process_incident_opened'] as const
const WAYS = ['inbox', 'email', 'dingtalk', 'feishu', 'wecom', 'webhook'] as const

const kindName = (kind: string) => known(`sla.fact.${kind}`) ?? kind
const wayName = (way: string) => known(`sla.way.${way}`) ?? way

interface Props {
  typeKey: string
  rule: RuleDoc
  fields: PickField[]
  open: boolean
  toggle: () => void
  onChange: (rule: RuleDoc) => void
  remove: () => void
}

export function RuleCard({ typeKey, rule, fields, open, toggle, onChange, remove }: Props) {
  const who = useWho()
  const set = (part: Partial<RuleDoc>) => onChange(trimmed({ ...rule, ...part }))
  const title = kindName(rule.on)
  return (
    <section className="card" aria-label={rule.key ?? title}>
      <div className="row">
        <button type="button" className="settings-head grow" aria-expanded={open} onClick={toggle}>
          {open ? <ChevronDown {...icon14} /> : <ChevronRight {...icon14} />}
          <b className="cut">{title}</b>
          <span className="cap cut">{[listed((rule.to ?? []).map(who)), listed((rule.by ?? ['inbox']).map(wayName))].join(' · ')}</span>
          {rule.key && <span className="cap cut">{rule.key}</span>}
        </button>
        <IconButton label={t('sla.notice.remove', { name: rule.key ?? title })} onClick={remove}>
          <Trash2 {...icon14} />
        </IconButton>
      </div>
      {open && (
        <div className="settings-body">
          <div className="settings-grid">
            <Labelled label={t('sla.notice.on')}>{(named) => <Select {...named} value={rule.on} onChange={(on: string) => set({ on })} options={[...new Set<string>([...KINDS, rule.on])].map((one) => ({ value: one, label: kindName(one) }))} />}</Labelled>
            <Labelled label={t('sla.key')} help={t('sla.notice.keyWhat')}>
              {(named) => <Input {...named} maxLength={64} value={rule.key ?? ''} onChange={(event) => set({ key: event.target.value.trim() })} />}
            </Labelled>
          </div>
          <div className="col g8">
            <h3 className="t13">{t('sla.notice.when')}</h3>
            <ConditionPicker label={t('sla.notice.when')} value={rule.when ?? ''} fields={fields} onChange={(when) => set({ when })} />
          </div>
          <div className="settings-fields">
            <span className="t13 ink2">{t('sla.notice.to')}</span>
            <WhoInput label={t('sla.notice.to')} value={rule.to ?? []} more={['fact']} onChange={(to) => onChange({ ...rule, to })} />
          </div>
          <div className="settings-fields">
            <span className="t13 ink2">{t('sla.notice.by')}</span>
            <Select mode="tags" aria-label={t('sla.notice.by')} style={{ minWidth: 220, flex: 1 }} value={rule.by ?? ['inbox']} onChange={(by: string[]) => set({ by })} options={[...new Set<string>([...WAYS, ...(rule.by ?? [])])].map((one) => ({ value: one, label: wayName(one) }))} />
          </div>
          <div className="row g16 wrap">
            <Checkbox checked={!!rule.once} onChange={(event) => set({ once: event.target.checked || undefined })}>
              {t('sla.notice.once')}
            </Checkbox>
            <Checkbox checked={!!rule.own} onChange={(event) => set({ own: event.target.checked || undefined })}>
              {t('sla.notice.own')}
            </Checkbox>
          </div>
          <TemplateEditor typeKey={typeKey} template={rule.template} choose={(template) => set({ template })} />
        </div>
      )}
    </section>
  )
}
