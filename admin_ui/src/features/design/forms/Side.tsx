// The right pane: what is picked and its settings in three tabs.
import { Tabs } from 'antd'
import type { Finding, FormDoc } from '../../../api/types'
import { known, t, words } from '../../../i18n/t'
import { AccessTab } from './AccessTab'
import { changeItem, dissolve, fieldOf, itemAt, standsBeside, toggleBeside, type Path } from './document'
import { FieldTab } from './FieldTab'
import { FormTab, HolderTab } from './LayoutTab'
import { LogicTab } from './LogicTab'
import type { Editing } from './useEditing'

interface Props {
  editing: Editing
  form: FormDoc
  picked: Path | null
  findings: Finding[]
}

export function Side({ editing, form, picked, findings }: Props) {
  const item = picked ? itemAt(form, picked) : undefined
  const field = typeof item === 'string' ? fieldOf(form, item) : undefined
  if (item !== undefined && typeof item === 'object' && !('row' in item))
    return (
      <div className="fd-side-inner">
        <h2>{'group' in item ? t('formDesigner.newGroup') : t('formDesigner.newTabs')}</h2>
        <HolderTab item={item} change={(next) => editing.change(changeItem(form, picked!, next), `item.${picked!.join()}`)} dissolve={() => editing.change(dissolve(form, picked!))} />
      </div>
    )
  if (!field)
    return (
      <div className="fd-side-inner">
        <h2>{t('formDesigner.form')}</h2>
        <FormTab form={form} change={(next, what) => editing.change(next, what)} />
      </div>
    )
  const change = (settings: Parameters<Editing['changeField']>[1], what: string) => editing.changeField(field.key, settings, what)
  const own = findings.filter((finding) => finding.element === field.key || finding.element?.startsWith(field.key + '.'))
  return (
    <div className="fd-side-inner">
      <h2>{t('formDesigner.fieldHead', { kind: known(`formDesigner.kind.${field.kind}`) ?? field.kind, label: words(field.label) || field.key })}</h2>
      {own.map((finding, at) => (
        <p key={at} className={`fd-finding tone-${finding.severity === 'error' ? 'red' : 'amber'}`}>
          {finding.text}
        </p>
      ))}
      <Tabs
        items={[
          {
            key: 'field',
            label: t('formDesigner.tab.field'),
            children: <FieldTab key={field.key} field={field} taken={form.fields.filter((one) => one !== field).map((one) => one.key)} change={change} rename={(to) => editing.rename(field.key, to)} beside={{ on: standsBeside(form, field.key), toggle: () => editing.change(toggleBeside(form, field.key), undefined, field.key) }} />,
          },
          { key: 'logic', label: t('formDesigner.tab.logic'), children: <LogicTab key={field.key} field={field} others={form.fields.filter((one) => one !== field)} change={change} /> },
          { key: 'access', label: t('formDesigner.tab.access'), children: <AccessTab form={form.key} field={field.key} texts={editing.texts} set={editing.setTexts} /> },
        ]}
      />
    </div>
  )
}
