// For those who know BPMN: the element's kind, its id, and every property as it is written.
import { Button } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { kindOf, type Drawn } from '../../../bpmn/parts'
import { propertiesOf } from '../../../bpmn/settings'
import { known, t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { useDesk, useSet } from './context'
import { Picker, Question, TextSetting } from './Fields'

const TASKS = ['UserTask', 'ManualTask', 'ServiceTask', 'BusinessRuleTask', 'ScriptTask', 'SendTask', 'ReceiveTask', 'Task', 'CallActivity']
const GATEWAYS = ['ExclusiveGateway', 'InclusiveGateway', 'ParallelGateway', 'EventBasedGateway']

export function Advanced({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const set = useSet(of)
  const [fresh, setFresh] = useState('')
  const kind = kindOf(of)
  const kinds = [TASKS, GATEWAYS].find((all) => all.includes(kind))
  const turn = (next: string) => part('selection').select(part('bpmnReplace').replaceElement(of, { type: `bpmn:${next}` }))
  const properties = Object.entries(propertiesOf(of))
  return (
    <details className="pd-raw">
      <summary>{t('designer.advanced')}</summary>
      <div className="col g12">
        <span className="cap">{t('designer.id', { id: of.id })}</span>
        {kinds && (
          <Question label={t('designer.turnInto')}>
            <Picker<string> label={t('designer.turnInto')} value={kind} onChange={turn} options={kinds.map((one) => ({ value: one, label: known(`designer.kind.${one}`) ?? one }))} />
          </Question>
        )}
        {kind === 'ScriptTask' && (
          <Question label={t('designer.script')}>
            <TextSetting long label={t('designer.script')} value={(of.businessObject.script as string | undefined) ?? ''} onChange={(script) => part('modeling').updateProperties(of, { script: script || undefined })} />
          </Question>
        )}
        {kind === 'CallActivity' && (
          <Question label={t('designer.called')}>
            <TextSetting label={t('designer.called')} value={(of.businessObject.calledElement as string | undefined) ?? ''} onChange={(calledElement) => part('modeling').updateProperties(of, { calledElement: calledElement || undefined })} />
          </Question>
        )}
        <Question label={t('designer.properties')}>
          {properties.map(([name, value]) => (
            <div key={name} className="pd-property">
              <span className="cap">{name}</span>
              <TextSetting label={name} value={value} onChange={(text) => set({ [name]: text })} />
              <IconButton label={t('designer.removeProperty', { name })} onClick={() => set({ [name]: null })}>
                <Trash2 {...icon14} />
              </IconButton>
            </div>
          ))}
          <div className="row g6">
            <TextSetting label={t('designer.newProperty')} placeholder={t('designer.newProperty')} value={fresh} onChange={setFresh} />
            <Button aria-label={t('designer.add')} icon={<Plus {...icon14} />} disabled={!fresh} onClick={() => (set({ [fresh]: '=' }), setFresh(''))} />
          </div>
        </Question>
      </div>
    </details>
  )
}
