// With nothing picked: what the type is called and how its tickets are numbered, and every step to pick by keyboard.
import type { Words } from '../../../i18n/t'
import { t, words } from '../../../i18n/t'
import { useDepartments } from '../../../api/queries'
import { kindOf } from '../../../bpmn/parts'
import { useDesk } from './context'
import { titleOf } from './facts'
import { BothLanguages, Picker, Question, TextSetting } from './Fields'
import { inline, quoted, withValue } from './manifest'

const MANIFEST = 'package.toml'
const LISTED = /Task$|Activity$|SubProcess$|Event$|Gateway$/

export function Overview() {
  const { facts, texts, write, elements, pick } = useDesk()
  const departments = useDepartments()
  const { manifest } = facts
  const put = (key: string, value: string | null) => write(MANIFEST, withValue(texts[MANIFEST] ?? '', key, value))
  const steps = elements.filter((one) => !one.waypoints && LISTED.test(kindOf(one))).sort((a, b) => a.x - b.x || a.y - b.y)
  return (
    <div className="pd-side-inner">
      <h2>{t('designer.type')}</h2>
      {manifest && (
        <>
          <BothLanguages label={t('designer.typeName')} values={asWords(manifest.name)} onChange={(language, text) => put('name', inline({ ...asWords(manifest.name), [language]: text }))} />
          <Question label={t('designer.number')} help={t('designer.numberHelp')}>
            <TextSetting label={t('designer.number')} value={manifest.number} onChange={(text) => put('number', text ? quoted(text) : null)} />
          </Question>
          <Question label={t('designer.intake')}>
            <Picker<string> label={t('designer.intake')} allowClear placeholder={t('designer.titleOnly')} value={manifest.intake ?? undefined} onChange={(next?: string) => put('intake', next ? quoted(next) : null)} options={facts.forms.map((form) => ({ value: form.key, label: words(form.title) || form.key }))} />
          </Question>
          <Question label={t('designer.department')}>
            <Picker<string> label={t('designer.department')} allowClear placeholder={t('designer.noDepartment')} value={manifest.department ?? undefined} onChange={(next?: string) => put('department', next ? quoted(next) : null)} options={(departments.data?.items ?? []).map((one) => ({ value: one.key, label: words(one.name) || one.key }))} />
          </Question>
        </>
      )}
      <Question label={t('designer.allSteps')} help={t('designer.overviewHelp')}>
        <ul className="col">
          {steps.map((step) => (
            <li key={step.id}>
              <button type="button" className="pd-way" onClick={() => pick(step.id)}>
                <span className="grow cut">{titleOf(step)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Question>
    </div>
  )
}

const asWords = (text: Words): Record<string, string> => (typeof text === 'string' ? { 'zh-CN': text } : text)
