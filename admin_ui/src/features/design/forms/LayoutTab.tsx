// Settings of what is no field: the form itself, a group, tabs.
import { Button } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import type { FormDoc, LayoutItem } from '../../../api/types'
import { t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { WordsInput } from './WordsInput'

export function FormTab({ form, change }: { form: FormDoc; change: (form: FormDoc, what: string) => void }) {
  return (
    <div className="col g16">
      <WordsInput name="title" label={t('formDesigner.title')} value={form.title} onChange={(title) => change({ ...form, title: title ?? '' }, 'title')} />
      <WordsInput
        name="description"
        label={t('formDesigner.description')}
        long
        value={form.description}
        onChange={(description) => {
          const { description: _, ...rest } = form
          change(description === undefined ? rest : { ...form, description }, 'description')
        }}
      />
      <p className="cap">{t('formDesigner.pickAField')}</p>
    </div>
  )
}

type Holder = Exclude<LayoutItem, string | { row: string[] }>

export function HolderTab({ item, change, dissolve }: { item: Holder; change: (item: Holder) => void; dissolve: () => void }) {
  return (
    <div className="col g16">
      {'group' in item ? (
        <WordsInput label={t('formDesigner.groupTitle')} value={item.group} onChange={(group) => change({ ...item, group: group ?? '' })} />
      ) : (
        <>
          {item.tabs.map((tab, at) => (
            <div key={at} className="col g6 fd-column">
              <WordsInput label={t('formDesigner.tabTitle', { n: at + 1 })} value={tab.label} onChange={(label) => change({ ...item, tabs: item.tabs.map((one, place) => (place === at ? { ...one, label: label ?? '' } : one)) })} />
              {item.tabs.length > 1 && !tab.items.length && (
                <IconButton label={t('formDesigner.tabRemove', { n: at + 1 })} onClick={() => change({ ...item, tabs: item.tabs.filter((_, place) => place !== at) })}>
                  <Trash2 {...icon14} />
                </IconButton>
              )}
            </div>
          ))}
          <Button size="small" style={{ alignSelf: 'flex-start' }} icon={<Plus {...icon14} />} onClick={() => change({ ...item, tabs: [...item.tabs, { label: t('formDesigner.tabTitle', { n: item.tabs.length + 1 }), items: [] }] })}>
            {t('formDesigner.addTab')}
          </Button>
        </>
      )}
      <Button size="small" style={{ alignSelf: 'flex-start' }} onClick={dissolve}>
        {t('formDesigner.dissolve')}
      </Button>
    </div>
  )
}
