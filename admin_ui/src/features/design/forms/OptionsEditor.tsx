// The options of a choice, or the tree of a cascade: texts, values, order.
import { Button, Input } from 'antd'
import { ArrowDown, ArrowUp, ListTree, Plus, Trash2 } from 'lucide-react'
import type { FieldDoc, Option } from '../../../api/types'
import { t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { Formula } from './Formula'
import { LANGUAGES, textIn, withText } from './languages'

const DEEPEST = 8

export function OptionsEditor({ value, tree, onChange }: { value: FieldDoc['options']; tree: boolean; onChange: (options: FieldDoc['options']) => void }) {
  const computed = typeof value === 'string'
  return (
    <div className="col g6" data-setting="options">
      <span className="row apart">
        <span className="fd-label">{t('formDesigner.options')}</span>
        {!tree && (
          <Button type="link" size="small" onClick={() => onChange(computed ? [{ value: 'option_1' }] : '= []')}>
            {computed ? t('formDesigner.optionsByList') : t('formDesigner.optionsByRule')}
          </Button>
        )}
      </span>
      {computed ? <Formula label={t('formDesigner.options')} value={value.slice(1).trim()} onChange={(text) => onChange('= ' + text)} names={[]} /> : <Level options={value ?? []} onChange={onChange} tree={tree} depth={1} />}
    </div>
  )
}

function Level({ options, onChange, tree, depth }: { options: Option[]; onChange: (options: Option[]) => void; tree: boolean; depth: number }) {
  const put = (at: number, option: Option) => onChange(options.map((one, place) => (place === at ? option : one)))
  const swap = (at: number, other: number) => onChange(options.map((one, place) => (place === at ? options[other]! : place === other ? options[at]! : one)))
  return (
    <div className={depth > 1 ? 'fd-options fd-deeper' : 'fd-options'}>
      {options.map((option, at) => {
        const n = at + 1
        return (
          <div key={at} className="col g4">
            <div className="fd-option">
              {LANGUAGES.map((language) => (
                <Input key={language} size="small" lang={language} aria-label={`${t('formDesigner.option', { n })} · ${t(`formDesigner.language.${language}`)}`} placeholder={t(`formDesigner.language.${language}`)} value={textIn(option.label, language)} onChange={(event) => put(at, { ...option, label: withText(option.label, language, event.target.value) })} />
              ))}
              <Input size="small" className="cond-text" aria-label={t('formDesigner.optionValue', { n })} placeholder={t('formDesigner.value')} value={option.value} onChange={(event) => put(at, { ...option, value: event.target.value })} />
            </div>
            <div className="row">
              <IconButton label={t('formDesigner.optionUp', { n })} disabled={at === 0} onClick={() => swap(at, at - 1)}>
                <ArrowUp {...icon14} />
              </IconButton>
              <IconButton label={t('formDesigner.optionDown', { n })} disabled={at === options.length - 1} onClick={() => swap(at, at + 1)}>
                <ArrowDown {...icon14} />
              </IconButton>
              {tree && depth < DEEPEST && (
                <IconButton label={t('formDesigner.optionBelow', { n })} onClick={() => put(at, { ...option, children: [...(option.children ?? []), fresh(option.children ?? [])] })}>
                  <ListTree {...icon14} />
                </IconButton>
              )}
              <IconButton label={t('formDesigner.optionRemove', { n })} onClick={() => onChange(options.filter((_, place) => place !== at))}>
                <Trash2 {...icon14} />
              </IconButton>
            </div>
            {option.children?.length ? <Level options={option.children} onChange={(children) => put(at, { ...option, children: children.length ? children : undefined })} tree={tree} depth={depth + 1} /> : null}
          </div>
        )
      })}
      <Button type="link" size="small" style={{ alignSelf: 'flex-start' }} icon={<Plus {...icon14} />} onClick={() => onChange([...options, fresh(options)])}>
        {t('formDesigner.addOption')}
      </Button>
    </div>
  )
}

function fresh(options: Option[]): Option {
  let n = options.length + 1
  while (options.some((option) => option.value === `option_${n}`)) n++
  return { value: `option_${n}`, label: {} }
}
