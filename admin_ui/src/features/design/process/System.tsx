// What the system does by itself: an action with its details, or a rule table that is asked.
import { Table2 } from 'lucide-react'
import { Link } from 'react-router'
import type { Drawn } from '../../../bpmn/parts'
import { propertiesOf } from '../../../bpmn/settings'
import { known, t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { useDesk, useSet } from './context'
import { AsWritten, Picker, Question, TextSetting } from './Fields'

const PARAMETERS: Record<string, { name: string; options?: readonly string[] }[]> = {
  add_comment: [{ name: 'text' }, { name: 'visibility', options: ['public', 'internal'] }],
  set_priority: [{ name: 'priority', options: ['P0', 'P1', 'P2', 'P3', 'P4'] }],
}
const OWN = /^(name|description|todo)(\.|$)|^(status|operation|result|retries)$/

export function ServiceQuestion({ of }: { of: Drawn }) {
  const said = propertiesOf(of)
  const set = useSet(of)
  const operation = said.operation ?? ''
  const parameters = PARAMETERS[operation] ?? Object.keys(said).filter((name) => !OWN.test(name)).map((name) => ({ name, options: undefined }))
  const operations = [...new Set([...Object.keys(PARAMETERS), ...(operation ? [operation] : [])])]
  const choose = (next: string) => set({ operation: next, ...Object.fromEntries(parameters.map(({ name }) => [name, null])) })
  return (
    <>
      <Question label={t('designer.operation')}>
        <Picker<string> label={t('designer.operation')} placeholder={t('designer.pickOne')} value={operation || undefined} onChange={choose} options={operations.map((one) => ({ value: one, label: known(`designer.operation.${one}`) ?? one }))} />
      </Question>
      {parameters.map(({ name, options }) => {
        const label = known(`designer.parameter.${name}`) ?? name
        const value = said[name] ?? ''
        return (
          <Question key={name} label={label}>
            {value.startsWith('=') ? (
              <AsWritten label={label} value={value} onChange={(text) => set({ [name]: text })} />
            ) : options ? (
              <Picker<string> label={label} placeholder={t('designer.pickOne')} value={value || undefined} onChange={(next) => set({ [name]: next })} options={options.map((one) => ({ value: one, label: known(`designer.parameter.${name}.${one}`) ?? one }))} />
            ) : (
              <TextSetting long label={label} value={value} onChange={(text) => set({ [name]: text })} />
            )}
          </Question>
        )
      })}
    </>
  )
}

export function RulesQuestion({ of }: { of: Drawn }) {
  const { facts, typeKey } = useDesk()
  const said = propertiesOf(of)
  const set = useSet(of)
  const decision = said.decision ?? ''
  const options = decision && !facts.decisions.some((one) => one.value === decision) ? [...facts.decisions, { value: decision, label: decision }] : facts.decisions
  return (
    <Question label={t('designer.decision')} help={facts.decisions.length ? undefined : t('designer.noDecisions')}>
      <Picker<string> label={t('designer.decision')} placeholder={t('designer.pickOne')} value={decision || undefined} onChange={(next) => set({ decision: next })} options={options} />
      <Link className="row g6 t13" to={`/design/${encodeURIComponent(typeKey)}/rules${decision ? `/${encodeURIComponent(decision)}` : ''}`}>
        <Table2 {...icon14} />
        {decision ? t('designer.editRules') : t('designer.toRules')}
      </Link>
    </Question>
  )
}
