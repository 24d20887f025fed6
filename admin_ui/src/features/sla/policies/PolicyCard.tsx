// One policy: what it measures and for whom, its goals, when it pauses, whom it reminds.
import { Checkbox, Input, Select } from 'antd'
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Trash2 } from 'lucide-react'
import { ConditionPicker } from '../../../feel/ConditionPicker'
import { t, words } from '../../../i18n/t'
import { useGroups } from '../../../api/queries'
import { icon14, IconButton } from '../../../ui/bits'
import { WordsInput } from '../../design/forms/WordsInput'
import { Labelled } from '../../people/EditBox'
import { METRICS, metricName } from '../metrics'
import type { DraftFacts } from '../useFields'
import { Goals } from './Goals'
import { groupsOf, stepsOf, trimmed, type PolicyDoc } from './model'
import { Steps } from './Steps'

const CATEGORIES = ['new', 'open', 'waiting', 'resolved'] as const
const ON_CHANGE = ['retarget', 'restart', 'retroactive'] as const

interface Props {
  policy: PolicyDoc
  facts: DraftFacts
  calendars: { value: string; label: string }[]
  open: boolean
  toggle: () => void
  onChange: (policy: PolicyDoc) => void
  remove: () => void
  up: (() => void) | null
  down: (() => void) | null
}

export function PolicyCard({ policy, facts, calendars, open, toggle, onChange, remove, up, down }: Props) {
  const set = (part: Partial<PolicyDoc>) => onChange(trimmed({ ...policy, ...part }))
  const title = words(policy.name) || metricName(policy.metric)
  return (
    <section className="card" aria-label={title}>
      <div className="row">
        <button type="button" className="settings-head grow" aria-expanded={open} onClick={toggle}>
          {open ? <ChevronDown {...icon14} /> : <ChevronRight {...icon14} />}
          <b className="cut">{title}</b>
          <span className="cap cut">{[metricName(policy.metric), t('sla.goalsCount', { n: policy.goals?.length ?? 0 })].join(' · ')}</span>
        </button>
        {up && (
          <IconButton label={t('sla.up')} onClick={up}>
            <ArrowUp {...icon14} />
          </IconButton>
        )}
        {down && (
          <IconButton label={t('sla.down')} onClick={down}>
            <ArrowDown {...icon14} />
          </IconButton>
        )}
        <IconButton label={t('sla.removePolicy', { name: title })} onClick={remove}>
          <Trash2 {...icon14} />
        </IconButton>
      </div>
      {open && (
        <div className="settings-body">
          <WordsInput label={t('sla.name')} value={policy.name} onChange={(name) => set({ name: typeof name === 'string' ? { 'zh-CN': name } : name })} />
          <div className="settings-grid">
            <Labelled label={t('sla.measures')}>{(named) => <Select {...named} value={policy.metric} onChange={(metric: string) => set({ metric })} options={METRICS.map((one) => ({ value: one, label: metricName(one) }))} />}</Labelled>
            <Labelled label={t('sla.key')} help={t('sla.keyWhat')}>
              {(named) => <Input {...named} maxLength={64} value={policy.key ?? ''} onChange={(event) => set({ key: event.target.value.trim() })} />}
            </Labelled>
            {policy.metric === 'stage' && (
              <Labelled label={t('sla.ofSteps')}>{(named) => <Select {...named} mode="multiple" value={stepsOf(policy)} onChange={(elements: string[]) => set({ element: undefined, elements })} options={facts.steps} />}</Labelled>
            )}
            {(policy.metric === 'ola' || policy.metric === 'supplier') && <OfGroups policy={policy} set={set} />}
          </div>
          <Section title={t('sla.forWhich')}>
            <ConditionPicker label={t('sla.forWhich')} value={policy.when ?? ''} fields={facts.fields} onChange={(when) => set({ when })} />
          </Section>
          <Section title={t('sla.goals')} what={t('sla.goalsWhat')}>
            <Goals goals={policy.goals ?? []} fields={facts.fields} calendars={calendars} onChange={(goals) => set({ goals })} />
          </Section>
          <Section title={t('sla.pauses')}>
            <Checkbox.Group value={policy.pause_on ?? []} onChange={(pause_on) => set({ pause_on })} options={CATEGORIES.map((one) => ({ value: one, label: t(`category.${one}`) }))} />
            <Pausing policy={policy} facts={facts} set={set} />
          </Section>
          <Section title={t('sla.ladder')} what={t('sla.ladderWhat')}>
            <Steps steps={policy.steps ?? []} onChange={(steps) => set({ steps })} />
          </Section>
          <div className="settings-grid">
            <Labelled label={t('sla.onChange')}>{(named) => <Select {...named} value={policy.on_change ?? 'retarget'} onChange={(on_change) => set({ on_change })} options={ON_CHANGE.map((one) => ({ value: one, label: t(`sla.onChange.${one}`) }))} />}</Labelled>
            <Labelled label={t('sla.reopened')}>{(named) => <Select {...named} value={policy.reopen ?? 'continue'} onChange={(reopen) => set({ reopen })} options={(['continue', 'new'] as const).map((one) => ({ value: one, label: t(`sla.reopened.${one}`) }))} />}</Labelled>
          </div>
        </div>
      )}
    </section>
  )
}

function Section({ title, what, children }: { title: string; what?: string; children: React.ReactNode }) {
  return (
    <div className="col g8">
      <h3 className="t13">{title}</h3>
      {what && <span className="cap">{what}</span>}
      {children}
    </div>
  )
}

function OfGroups({ policy, set }: { policy: PolicyDoc; set: (part: Partial<PolicyDoc>) => void }) {
  const groups = useGroups().data?.items ?? []
  return (
    <Labelled label={t('sla.ofGroups')}>
      {(named) => <Select {...named} mode="multiple" value={groupsOf(policy)} onChange={(chosen: string[]) => set({ group: undefined, groups: chosen })} options={groups.map((group) => ({ value: group.key, label: words(group.name) || group.key }))} />}
    </Labelled>
  )
}

/** The reason of each pause as people read it, the condition of a pause, and whether an answer ends it. */
function Pausing({ policy, facts, set }: { policy: PolicyDoc; facts: DraftFacts; set: (part: Partial<PolicyDoc>) => void }) {
  const reasons = policy.reasons ?? {}
  const named = [...(policy.pause_on ?? []), ...(policy.pause_if !== undefined ? ['pause_if'] : [])]
  return (
    <>
      {named.map((one) => (
        <WordsInput
          key={one}
          label={t('sla.reasonOf', { of: one === 'pause_if' ? t('sla.pauseIf') : t(`category.${one as (typeof CATEGORIES)[number]}`) })}
          value={reasons[one]}
          onChange={(said) => {
            const next = trimmed({ ...reasons, [one]: typeof said === 'string' ? { 'zh-CN': said } : said }) as Record<string, Record<string, string>>
            set({ reasons: Object.keys(next).length ? next : undefined })
          }}
        />
      ))}
      <span className="t13 ink2">{t('sla.pauseIf')}</span>
      <ConditionPicker label={t('sla.pauseIf')} value={policy.pause_if ?? ''} fields={facts.fields} onChange={(pause_if) => set({ pause_if })} />
      <Checkbox checked={policy.resume_on_reply !== false} onChange={(event) => set({ resume_on_reply: event.target.checked ? undefined : false })}>
        {t('sla.resumeOnReply')}
      </Checkbox>
    </>
  )
}
