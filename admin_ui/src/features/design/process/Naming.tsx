// What a step is called and what is said of it, in both languages.
import type { Drawn } from '../../../bpmn/parts'
import { propertiesOf, setProperties } from '../../../bpmn/settings'
import { t } from '../../../i18n/t'
import { useDesk } from './context'
import { BothLanguages } from './Fields'

export function NameQuestion({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const change = (language: string, text: string) => (language === 'zh-CN' ? part('modeling').updateProperties(of, { name: text || undefined }) : setProperties(part, of, { [`name.${language}`]: text }))
  return <BothLanguages label={t('designer.name')} name="name" values={{ 'zh-CN': of.businessObject.name ?? '', en: propertiesOf(of)['name.en'] ?? '' }} onChange={change} />
}

export function DescriptionQuestion({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const said = propertiesOf(of)
  return <BothLanguages long label={t('designer.description')} values={{ 'zh-CN': said.description ?? '', en: said['description.en'] ?? '' }} onChange={(language, text) => setProperties(part, of, { [language === 'zh-CN' ? 'description' : `description.${language}`]: text })} />
}

/** A question that the import left open, until somebody says that it is answered. */
export function OpenQuestions({ of }: { of: Drawn }) {
  const { part } = useDesk()
  const open = Object.keys(propertiesOf(of)).filter((name) => name === 'todo' || name.startsWith('todo.'))
  if (!open.length) return null
  return (
    <button type="button" className="link t13" onClick={() => setProperties(part, of, Object.fromEntries(open.map((name) => [name, null])))}>
      {t('designer.answered')}
    </button>
  )
}
