// An approval as questions: who decides, how many have to agree, and what happens when it does not go smoothly.
import { Button, InputNumber, Switch } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import type { Drawn } from '../../../bpmn/parts'
import { propertiesOf } from '../../../bpmn/settings'
import { known, t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { MODES, readApprovers, readNeed, SOURCES, writeApprovers, writeNeed, type Approver, type Mode, type Source } from './approvers'
import { useDesk, useSet } from './context'
import { AsWritten, Cards, GroupsSetting, LengthSetting, PeopleSetting, Picker, Question } from './Fields'
import { usePersonFields } from './Who'

const EMPTY = ['admin', 'pass', 'reject', 'users'] as const
const CHOICES = {
  reject: ['first', 'unreachable', 'wait'],
  when_initiator: ['ask', 'pass', 'manager', 'admin'],
  when_repeated: ['ask', 'adjacent', 'any'],
  return_to: ['any', 'start'],
  resubmit: ['walk_again', 'straight_back'],
  withdraw: ['any', 'unacted', 'never'],
} as const

export function Approval({ of }: { of: Drawn }) {
  const said = propertiesOf(of)
  const set = useSet(of)
  const need = readNeed(said.approval ?? '')
  return (
    <>
      <p className="pd-sentence">{sentence(said)}</p>
      <Question label={t('designer.approvers')}>
        <Approvers label={t('designer.approvers')} value={said.approvers ?? ''} onChange={(text) => set({ approvers: text })} />
      </Question>
      <Question label={t('designer.need')}>
        {need ? (
          <Cards<Mode> label={t('designer.need')} value={need.mode} onChange={(mode) => set({ approval: writeNeed({ mode, number: mode === 'percent' ? 60 : 2 }) })} options={MODES.map((mode) => ({ value: mode, label: t(`designer.mode.${mode}`), help: t(`designer.modeHelp.${mode}`) }))} />
        ) : (
          <AsWritten label={t('designer.need')} value={said.approval ?? ''} onChange={(text) => set({ approval: text })} />
        )}
        {need && (need.mode === 'count' || need.mode === 'percent') && (
          <InputNumber min={1} max={need.mode === 'percent' ? 100 : 999} precision={0} aria-label={t(`designer.number.${need.mode}`)} suffix={t(`designer.number.${need.mode}`)} style={{ width: '100%' }} value={need.number} onChange={(number) => number && set({ approval: writeNeed({ ...need, number }) })} />
        )}
      </Question>
      <WhenEmpty of={of} />
      <Setting of={of} name="when_initiator" usual="ask" />
      <Setting of={of} name="when_repeated" usual="ask" />
      <Setting of={of} name="reject" usual={need?.mode === 'count' || need?.mode === 'percent' ? 'unreachable' : 'first'} />
      <Setting of={of} name="return_to" usual="any" />
      <Setting of={of} name="resubmit" usual="walk_again" />
      <Setting of={of} name="withdraw" usual="unacted" />
      <Flag of={of} name="opinion" />
      <Flag of={of} name="signature" />
      <Question label={t('designer.cc')}>
        <Approvers label={t('designer.cc')} value={said.cc ?? ''} onChange={(text) => set({ cc: text })} />
      </Question>
    </>
  )
}

/** What the setting comes to, in one sentence. */
function sentence(said: Record<string, string>): string {
  const need = readNeed(said.approval ?? '')
  const how = need ? t(`designer.says.${need.mode}`, { n: need.number }) : (said.approval ?? '')
  const who = readApprovers(said.approvers ?? '').map(({ source, value }) => known(`designer.saysWho.${source}`, { value }) ?? value)
  const limit = said.time_limit ? t('designer.says.limit') : ''
  return t('designer.says', { who: who.join(t('designer.listComma')) || t('designer.says.nobody'), how, limit })
}

function WhenEmpty({ of }: { of: Drawn }) {
  const value = propertiesOf(of).when_empty ?? ''
  const set = useSet(of)
  const mode = EMPTY.find((one) => value === one || (one === 'users' && value.startsWith('users:')))
  return (
    <Question label={t('designer.when_empty')}>
      {value.startsWith('=') ? (
        <AsWritten label={t('designer.when_empty')} value={value} onChange={(text) => set({ when_empty: text })} />
      ) : (
        <Picker<string> label={t('designer.when_empty')} status={value ? undefined : 'error'} placeholder={t('designer.pickOne')} value={mode} onChange={(next) => set({ when_empty: next === 'users' ? 'users:' : next })} options={EMPTY.map((one) => ({ value: one, label: t(`designer.when_empty.${one}`) }))} />
      )}
      {!value && <span className="field-error">{t('designer.mustPick')}</span>}
      {mode === 'users' && <PeopleSetting label={t('designer.when_empty.users')} value={value.slice('users:'.length)} onChange={(text) => set({ when_empty: `users:${text ?? ''}` })} />}
    </Question>
  )
}

function Setting({ of, name, usual }: { of: Drawn; name: keyof typeof CHOICES; usual: string }) {
  const value = propertiesOf(of)[name]
  const set = useSet(of)
  const options: readonly string[] = CHOICES[name]
  const label = t(`designer.${name}`)
  return (
    <Question label={label}>
      <Picker<string>
        label={label}
        value={value ?? usual}
        onChange={(next) => set({ [name]: next === usual ? null : next })}
        options={[...options, ...(value && !options.includes(value) ? [value] : [])].map((one) => ({ value: one, label: known(`designer.${name}.${one}`) ?? one }))}
      />
    </Question>
  )
}

function Flag({ of, name }: { of: Drawn; name: 'opinion' | 'signature' }) {
  const set = useSet(of)
  return (
    <label className="row apart g8 t13">
      {t(`designer.${name}`)}
      <Switch size="small" aria-label={t(`designer.${name}`)} checked={propertiesOf(of)[name] === 'required'} onChange={(on) => set({ [name]: on ? 'required' : null })} />
    </label>
  )
}

const FIRST: Record<Source, string> = { manager: '1', managers: '1-2', group: '', users: '', department_head: '', field: '', choose: '', role: 'manager', decision: '', previous: '', formula: '=' }
const ROLES = ['requester', 'agent', 'manager', 'process_owner', 'administrator'] as const

/** Several parties, each of a kind of its own. */
function Approvers({ label, value, onChange }: { label: string; value: string; onChange: (text: string | null) => void }) {
  const all = readApprovers(value)
  const put = (at: number, next: Approver | null) => onChange(writeApprovers(all.flatMap((one, place) => (place === at ? (next ? [next] : []) : [one]))) || null)
  const usual = SOURCES.filter((source) => source !== 'formula')
  return (
    <div className="col g8">
      {all.map((one, at) => (
        <div key={at} className="pd-party">
          <Picker<Source> label={`${label} ${at + 1}`} value={one.source} onChange={(source) => put(at, { source, value: FIRST[source] })} options={[...usual, ...(one.source === 'formula' ? (['formula'] as const) : [])].map((source) => ({ value: source, label: t(`designer.source.${source}`) }))} />
          <IconButton label={t('designer.removeParty', { n: at + 1 })} onClick={() => put(at, null)}>
            <Trash2 {...icon14} />
          </IconButton>
          <div className="pd-party-value">
            <PartyValue of={one} label={`${label} ${at + 1} · ${t('designer.partyValue')}`} onChange={(next) => put(at, { ...one, value: next })} />
          </div>
        </div>
      ))}
      <Button type="link" size="small" style={{ alignSelf: 'flex-start' }} icon={<Plus {...icon14} />} onClick={() => onChange(writeApprovers([...all, { source: 'manager', value: '1' }]))}>
        {all.length ? t('designer.addParty') : t('designer.firstParty')}
      </Button>
    </div>
  )
}

function PartyValue({ of: { source, value }, label, onChange }: { of: Approver; label: string; onChange: (value: string) => void }) {
  const { facts } = useDesk()
  const people = usePersonFields('user')
  const pick = (options: { value: string; label: string }[]) => <Picker<string> label={label} placeholder={t('designer.pickOne')} value={value || undefined} onChange={onChange} options={value && !options.some((one) => one.value === value) ? [...options, { value, label: value }] : options} />
  switch (source) {
    case 'manager': return <InputNumber min={1} max={20} precision={0} aria-label={label} prefix={t('designer.levelUp')} suffix={t('designer.level')} style={{ width: '100%' }} value={Number(value)} onChange={(level) => level && onChange(String(level))} />
    case 'managers': return <InputNumber min={2} max={20} precision={0} aria-label={label} prefix={t('designer.upTo')} suffix={t('designer.level')} style={{ width: '100%' }} value={Number(value.split('-')[1]) || 2} onChange={(level) => level && onChange(`1-${level}`)} />
    case 'group': case 'choose': return <GroupsSetting single label={label} value={value} onChange={(text) => onChange(text ?? '')} />
    case 'users': return <PeopleSetting label={label} value={value} onChange={(text) => onChange(text ?? '')} />
    case 'field': return pick(people)
    case 'role': return pick(ROLES.map((role) => ({ value: role, label: t(`designer.role.${role}`) })))
    case 'decision': return pick(facts.decisions)
    case 'formula': return <AsWritten label={label} value={value} onChange={onChange} />
    default: return null
  }
}

/** How long the approvers have, and what then. */
export function ApprovalTime({ of }: { of: Drawn }) {
  const said = propertiesOf(of)
  const set = useSet(of)
  return (
    <>
      <Question label={t('designer.time_limit')}>
        <LengthSetting label={t('designer.time_limit')} value={said.time_limit ?? ''} onChange={(text) => set({ time_limit: text, ...(text ? {} : { on_timeout: null }) })} />
      </Question>
      {said.time_limit && (
        <Question label={t('designer.on_timeout')}>
          <Picker<string> label={t('designer.on_timeout')} value={said.on_timeout ?? 'remind'} onChange={(next) => set({ on_timeout: next })} options={(['remind', 'agree', 'reject', 'expire', 'transfer:manager'] as const).map((one) => ({ value: one, label: t(`designer.on_timeout.${one}`) }))} />
        </Question>
      )}
    </>
  )
}
