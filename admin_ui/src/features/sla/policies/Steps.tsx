// The ladder of an escalation: when, whom to tell, what else to do, how often again.
import { Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { Trash2 } from 'lucide-react'
import { t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { PlusIcon } from '../../../ui/Frame'
import { LengthInput } from '../LengthInput'
import { WhoInput } from '../WhoInput'
import { BASES, readMark, trimmed, writeMark, type Basis, type StepDoc } from './model'

export function Steps({ steps, onChange }: { steps: StepDoc[]; onChange: (steps: StepDoc[]) => void }) {
  const put = (at: number, part: Partial<StepDoc>) => onChange(steps.map((one, place) => (place === at ? trimmed({ ...one, ...part }) : one)))
  return (
    <div className="settings-rows">
      {steps.map((step, at) => (
        <div key={at} className="settings-row" role="group" aria-label={t('sla.stepN', { n: at + 1 })}>
          <Step step={step} n={at + 1} set={(part) => put(at, part)} />
          <IconButton label={t('sla.removeStep', { n: at + 1 })} onClick={() => onChange(steps.filter((_, place) => place !== at))}>
            <Trash2 {...icon14} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button type="link" size="small" icon={<PlusIcon />} onClick={() => onChange([...steps, { at: '100%', notify: ['assignee', 'lead'] }])}>
          {t('sla.addStep')}
        </Button>
      </div>
    </div>
  )
}

function Step({ step, n, set }: { step: StepDoc; n: number; set: (part: Partial<StepDoc>) => void }) {
  const mark = readMark(step.at ?? '')
  const setBasis = (basis: Basis) => set({ at: writeMark({ basis, amount: basis === 'percent' ? '75' : mark.basis === 'percent' ? 'PT1H' : mark.amount }) })
  return (
    <div className="col g8">
      <div className="settings-fields">
        <Select aria-label={t('sla.stepWhen', { n })} style={{ minWidth: 132 }} value={mark.basis} onChange={setBasis} options={BASES.map((one) => ({ value: one, label: t(`sla.basis.${one}`) }))} />
        {mark.basis === 'percent' ? (
          <InputNumber aria-label={t('sla.stepPercent', { n })} suffix="%" min={1} max={1000} precision={0} style={{ width: 96 }} value={Number(mark.amount) || null} onChange={(amount) => set({ at: writeMark({ basis: 'percent', amount: String(amount ?? '') }) })} />
        ) : (
          <LengthInput label={t('sla.stepAmount', { n })} value={mark.amount} onChange={(amount) => set({ at: writeMark({ ...mark, amount }) })} />
        )}
        <span className="t13 ink2">{t('sla.remind')}</span>
        <WhoInput label={t('sla.stepWho', { n })} value={step.notify ?? []} onChange={(notify) => set({ notify })} />
      </div>
      <div className="settings-fields">
        <Checkbox checked={!!step.raise_priority} onChange={(event) => set({ raise_priority: event.target.checked || undefined })}>
          {t('sla.raise')}
        </Checkbox>
        <Checkbox checked={step.repeat !== undefined} onChange={(event) => set(event.target.checked ? { repeat: 'PT30M', until: 'ack', max: 5 } : { repeat: undefined, until: undefined, max: undefined })}>
          {t('sla.again')}
        </Checkbox>
        {step.repeat !== undefined && (
          <>
            <LengthInput label={t('sla.stepRepeat', { n })} value={step.repeat} onChange={(repeat) => set({ repeat })} />
            <Select aria-label={t('sla.stepUntil', { n })} style={{ minWidth: 132 }} value={step.until ?? 'stop'} onChange={(until) => set({ until })} options={(['ack', 'owner', 'stop'] as const).map((one) => ({ value: one, label: t(`sla.until.${one}`) }))} />
            <InputNumber aria-label={t('sla.stepMax', { n })} prefix={t('sla.atMost')} min={1} max={1000} precision={0} style={{ width: 120 }} value={step.max ?? null} onChange={(max) => set({ max: max ?? undefined })} />
          </>
        )}
        <Input aria-label={t('sla.stepMessage', { n })} placeholder={t('sla.message')} style={{ width: 180 }} value={step.message ?? ''} onChange={(event) => set({ message: event.target.value.trim() })} />
      </div>
    </div>
  )
}
