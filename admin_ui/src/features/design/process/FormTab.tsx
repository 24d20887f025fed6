// What people see and fill in at a step: its form, who may touch which field, and the buttons.
import { Button } from 'antd'
import { Plus, SquarePen, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { together } from '../../../bpmn/commands'
import type { Drawn } from '../../../bpmn/parts'
import { isApproval, propertiesOf, setProperties } from '../../../bpmn/settings'
import { language, t, words } from '../../../i18n/t'
import { Chip, icon14, IconButton } from '../../../ui/bits'
import { LANGUAGES } from '../forms/languages'
import { useDesk, useSet } from './context'
import { buttonsOf, formPath, titleOf } from './facts'
import { Picker, Question, TextSetting } from './Fields'
import { keyFrom } from './manifest'
import { emptyForm } from './newType'

export function FormTab({ of }: { of: Drawn }) {
  const { facts, part, write, typeKey } = useDesk()
  const said = propertiesOf(of)
  const set = useSet(of)
  const form = facts.forms.find((one) => one.key === said.form)
  const make = () => {
    const key = keyFrom(of.id.replace(/_\d+$/, ''), 'form', facts.forms.map((one) => one.key))
    together(part, () => {
      write(formPath(key), emptyForm(key, { 'zh-CN': of.businessObject.name ?? '', en: said['name.en'] ?? '' }))
      setProperties(part, of, { form: key })
    })
  }
  return (
    <>
      <Question label={t('designer.form')} help={t('designer.formHelp')}>
        <Picker<string> label={t('designer.form')} allowClear placeholder={t('designer.noForm')} value={said.form || undefined} onChange={(next?: string) => set({ form: next ?? null })} options={[...facts.forms.map((one) => ({ value: one.key, label: words(one.title) || one.key })), ...(said.form && !form ? [{ value: said.form, label: said.form }] : [])]} />
        <div className="row g12 wrap">
          {form && (
            <Link className="row g4 t13" to={`/design/${encodeURIComponent(typeKey)}/forms/${encodeURIComponent(form.key)}`}>
              <SquarePen {...icon14} />
              {t('designer.editForm')}
            </Link>
          )}
          <Button type="link" size="small" className="pd-flush" icon={<Plus {...icon14} />} onClick={make}>
            {t('designer.newForm')}
          </Button>
        </div>
      </Question>
      {form && form.fields.length > 0 && <Access of={of} fields={form.fields.map((field) => ({ value: field.key, label: words(field.label) || field.key }))} />}
      {!isApproval(of) && <Buttons of={of} />}
    </>
  )
}

const LEVELS = ['edit', 'read', 'hide'] as const

function Access({ of, fields }: { of: Drawn; fields: { value: string; label: string }[] }) {
  const set = useSet(of)
  const pairs = (propertiesOf(of).access ?? '').split(',').map((one) => one.split(':').map((word) => word.trim())).filter(([key]) => key)
  const access = Object.fromEntries(pairs.map(([key, level]) => [key!, level ?? 'edit']))
  const put = (key: string, level: string) => {
    const next: Record<string, string> = { ...access, [key]: level }
    if (level === 'edit' && !(key !== '*' && access['*'])) delete next[key]
    set({ access: Object.entries(next).map(([field, one]) => `${field}:${one}`).join(',') || null })
  }
  const options = LEVELS.map((level) => ({ value: level as string, label: t(`formDesigner.access.${level}`) }))
  const row = (key: string, label: string, value: string) => (
    <li key={key} className="row apart g8">
      <span className="cut t13">{label}</span>
      <span className="pd-level">
        <Picker<string> label={t('designer.accessOf', { field: label })} size="small" value={value} onChange={(level) => put(key, level)} options={options} />
      </span>
    </li>
  )
  return (
    <Question label={t('designer.access')}>
      <ul className="col g4">
        {row('*', t('designer.allFields'), access['*'] ?? 'edit')}
        {fields.map((field) => row(field.value, field.label, access[field.value] ?? access['*'] ?? 'edit'))}
      </ul>
    </Question>
  )
}

function Buttons({ of }: { of: Drawn }) {
  const said = propertiesOf(of)
  const set = useSet(of)
  const buttons = buttonsOf(said)
  const [fresh, setFresh] = useState<string | null>(null)
  const label = (key: string, tag: string, text: string) => set({ [`action.${key}.${tag}`]: text })
  const add = () => {
    const key = keyFrom('', 'button', buttons.map((one) => one.key))
    setFresh(key)
    set({ actions: [...buttons.map((one) => one.key), key].join(',') })
  }
  const remove = (key: string) => set({ actions: buttons.filter((one) => one.key !== key).map((one) => one.key).join(',') || null, ...Object.fromEntries(LANGUAGES.map((tag) => [`action.${key}.${tag}`, null])) })
  return (
    <Question label={t('designer.buttons')} help={t('designer.buttonsHelp', { step: titleOf(of) })}>
      {!buttons.length && <Chip line>{t('designer.usualButton')}</Chip>}
      <ul className="col g8">
        {buttons.map(({ key, labels }, at) => (
          <li key={key} className="pd-button" data-fresh={key === fresh || undefined}>
            {LANGUAGES.map((tag) => (
              <TextSetting key={tag} lang={tag} label={t('designer.buttonText', { n: at + 1, language: t(`formDesigner.language.${tag}`) })} placeholder={tag === language() ? t('designer.buttonExample') : t(`formDesigner.language.${tag}`)} value={labels[tag] ?? ''} onChange={(text) => label(key, tag, text)} />
            ))}
            <IconButton label={t('designer.removeButton', { n: at + 1 })} onClick={() => remove(key)}>
              <Trash2 {...icon14} />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button type="link" size="small" className="pd-flush" icon={<Plus {...icon14} />} onClick={add}>
        {t('designer.addButton')}
      </Button>
    </Question>
  )
}
