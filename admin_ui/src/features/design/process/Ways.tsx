// Which way a ticket goes: the condition of a line, and the lines out of a branch.
import { Switch } from 'antd'
import { ArrowRight } from 'lucide-react'
import type { Drawn } from '../../../bpmn/parts'
import { conditionOf, isDefault, setCondition, setDefault, splits } from '../../../bpmn/settings'
import { ConditionPicker } from '../../../feel/ConditionPicker'
import { t } from '../../../i18n/t'
import { Chip, icon14 } from '../../../ui/bits'
import { useDesk } from './context'
import { titleOf } from './facts'
import { Question } from './Fields'
import { NameQuestion } from './Naming'

/** A line: its name, and when the ticket takes it. */
export function Way({ of }: { of: Drawn }) {
  const { part, names } = useDesk()
  const usual = isDefault(of)
  const condition = conditionOf(of)
  const asks = !!of.source && (splits(of.source) || !!condition)
  return (
    <>
      <p className="pd-sentence">{t('designer.fromTo', { from: of.source ? titleOf(of.source) : '', to: of.target ? titleOf(of.target) : '' })}</p>
      <NameQuestion of={of} />
      {asks && (
        <>
          <label className="row apart g8 t13">
            {t('designer.otherwise')}
            <Switch size="small" aria-label={t('designer.otherwise')} checked={usual} onChange={(on) => setDefault(part, of, on)} />
          </label>
          {usual ? (
            <span className="cap">{t('designer.otherwiseHelp')}</span>
          ) : (
            <Question label={t('designer.condition')}>
              <ConditionPicker key={of.id} label={t('designer.condition')} value={condition.trim().replace(/^=\s*/, '')} fields={names} onChange={(text) => setCondition(part, of, text)} />
            </Question>
          )}
        </>
      )}
    </>
  )
}

/** A branch: its lines in order, each a click away. */
export function Branch({ of }: { of: Drawn }) {
  const { pick } = useDesk()
  return (
    <>
      <NameQuestion of={of} />
      <Question label={t('designer.ways')} help={splits(of) ? t('designer.waysHelp') : undefined}>
        {!of.outgoing.length && <span className="t13 ink3">{t('designer.noWays')}</span>}
        {of.outgoing.map((flow) => (
          <button key={flow.id} type="button" className="pd-way" onClick={() => pick(flow.id)}>
            <ArrowRight {...icon14} />
            <span className="grow cut">{[titleOf(flow), flow.target && titleOf(flow.target)].filter(Boolean).join(' · ')}</span>
            {isDefault(flow) ? <Chip line>{t('designer.otherwiseChip')}</Chip> : splits(of) && !conditionOf(flow) ? <Chip tone="amber">{t('designer.noCondition')}</Chip> : null}
          </button>
        ))}
      </Question>
    </>
  )
}
