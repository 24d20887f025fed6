// When a field is shown, asked for, filled in or refused: conditions by pickers, values by hand or worked out.
import { Button, Select } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import type { FieldDoc } from '../../../api/types'
import { ConditionPicker } from '../../../feel/ConditionPicker'
import type { PickField } from '../../../feel/condition'
import { Control } from '../../../form/Control'
import { isRule } from '../../../form/model'
import { t, words } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { Block } from './FieldTab'
import { Formula } from './Formula'
import { hasOptions, holdsValue } from './kinds'
import { WordsInput } from './WordsInput'

interface Props {
  field: FieldDoc
  others: FieldDoc[]
  change: (settings: Partial<FieldDoc>, what: string) => void
}

export function LogicTab({ field, others, change }: Props) {
  const names = pickable(others)
  const withOwn = pickable([field, ...others])
  const rule = (name: 'shown' | 'required' | 'read_only', usual: boolean) => (
    <RulePicker key={name} name={name} value={field[name]} usual={usual} fields={names} onChange={(value) => change({ [name]: value }, name)} />
  )
  return (
    <div className="col g16">
      {rule('shown', true)}
      {holdsValue(field.kind) && field.kind !== 'computed' && (
        <>
          {rule('required', false)}
          {rule('read_only', false)}
          <Default field={field} names={names} change={change} />
        </>
      )}
      {holdsValue(field.kind) && <Computed field={field} names={names} change={change} />}
      {holdsValue(field.kind) && field.kind !== 'computed' && <Demands field={field} names={withOwn} change={change} />}
    </div>
  )
}

/** Fields as conditions see them; columns of a table are not single answers. */
export function pickable(fields: FieldDoc[]): PickField[] {
  const flat = (options: FieldDoc['options']): { value: string; label: string }[] =>
    Array.isArray(options) ? options.flatMap((option) => [{ value: option.value, label: words(option.label) || option.value }, ...flat(option.children)]) : []
  return fields.filter((field) => holdsValue(field.kind)).map((field) => ({ name: field.key, label: words(field.label) || field.key, kind: field.kind, options: hasOptions(field.kind) ? flat(field.options) : undefined }))
}

type RuleName = 'shown' | 'required' | 'read_only'

function RulePicker({ name, value, usual, fields, onChange }: { name: RuleName; value: unknown; usual: boolean; fields: PickField[]; onChange: (value: boolean | string | undefined) => void }) {
  const mode = isRule(value) ? 'when' : (value ?? usual) === true ? 'always' : 'never'
  const choose = (next: 'always' | 'never' | 'when') => onChange(next === 'when' ? '= ' : (next === 'always') === usual ? undefined : next === 'always')
  const label = t(`formDesigner.rule.${name}`)
  return (
    <Block label={label}>
      <Select size="small" aria-label={label} value={mode} onChange={choose} options={(['always', 'never', 'when'] as const).map((one) => ({ value: one, label: t(`formDesigner.rule.${name}.${one}`) }))} />
      {isRule(value) && <ConditionPicker label={label} value={value.slice(1).trim()} fields={fields} onChange={(text) => onChange('= ' + text)} />}
      {name === 'shown' && isRule(value) && <span className="cap">{t('formDesigner.hiddenDropped')}</span>}
    </Block>
  )
}

const NO_CONSTANT = new Set(['table', 'attachment', 'photo', 'signature', 'location'])

function Default({ field, names, change }: { field: FieldDoc; names: PickField[]; change: Props['change'] }) {
  const id = useId()
  if (field.computed !== undefined || field.kind === 'table') return null
  const value = field.default
  const moment = field.kind === 'datetime' ? '= now()' : field.kind === 'date' ? '= today()' : field.kind === 'user' ? '= ticket.requester' : null
  const mode = value === undefined ? 'none' : value === moment ? 'moment' : isRule(value) ? 'formula' : 'value'
  const choose = (next: typeof mode) => change({ default: next === 'none' ? undefined : next === 'moment' ? moment : next === 'formula' ? '= ' : '' }, 'default')
  const modes = ['none', ...(NO_CONSTANT.has(field.kind) ? [] : ['value']), ...(moment ? ['moment'] : []), 'formula'] as (typeof mode)[]
  const label = t('formDesigner.default')
  return (
    <Block label={label}>
      <Select size="small" aria-label={label} value={mode} onChange={choose} options={modes.map((one) => ({ value: one, label: one === 'moment' && field.kind === 'user' ? t('formDesigner.default.requester') : t(`formDesigner.default.${one}`) }))} />
      {mode === 'formula' && <Formula label={label} value={String(value).slice(1).trim()} names={names} onChange={(text) => change({ default: '= ' + text }, 'default')} />}
      {mode === 'value' && (
        <>
          <span id={id + '-label'} className="unseen">
            {label}
          </span>
          <Control field={{ ...field, required: false, style: field.kind === 'choice' ? 'select' : field.style }} state={{ shown: true, required: false, readOnly: false, options: Array.isArray(field.options) ? field.options : [] }} id={id} labelId={id + '-label'} value={value === '' ? null : value} onChange={(next) => change({ default: next ?? '' }, 'default')} invalid={false} phone={false} dense />
        </>
      )}
    </Block>
  )
}

function Computed({ field, names, change }: { field: FieldDoc; names: PickField[]; change: Props['change'] }) {
  const on = field.computed !== undefined
  const label = t('formDesigner.computed')
  const must = field.kind === 'computed'
  return (
    <Block label={label}>
      {!must && (
        <Select size="small" aria-label={label} value={on} onChange={(next: boolean) => change({ computed: next ? '= ' : undefined, ...(next ? { default: undefined } : {}) }, 'computed')} options={[{ value: false, label: t('formDesigner.computed.no') }, { value: true, label: t('formDesigner.computed.yes') }]} />
      )}
      {(on || must) && (
        <>
          <Formula label={t('formDesigner.formula')} value={(field.computed ?? '').replace(/^=\s*/, '')} names={names} onChange={(text) => change({ computed: '= ' + text }, 'computed')} />
          <span className="cap">{t('formDesigner.formulaHelp')}</span>
        </>
      )}
    </Block>
  )
}

/** Further conditions on the answer, each with what is said when it does not hold. */
function Demands({ field, names, change }: { field: FieldDoc; names: PickField[]; change: Props['change'] }) {
  const rules = field.rules ?? []
  const put = (at: number, part: Partial<(typeof rules)[number]>) => change({ rules: rules.map((rule, place) => (place === at ? { ...rule, ...part } : rule)) }, `rules.${at}`)
  const drop = (at: number) => {
    const left = rules.filter((_, place) => place !== at)
    change({ rules: left.length ? left : undefined }, 'rules')
  }
  return (
    <Block label={t('formDesigner.demands')}>
      {rules.map((rule, at) => (
        <div key={at} className="col g6 fd-column">
          <div className="row apart">
            <span className="cap">{t('formDesigner.demandHolds')}</span>
            <IconButton label={t('formDesigner.demandRemove', { n: at + 1 })} onClick={() => drop(at)}>
              <Trash2 {...icon14} />
            </IconButton>
          </div>
          <ConditionPicker label={t('formDesigner.demands')} value={rule.check.replace(/^=/, '').trim()} fields={names} onChange={(text) => put(at, { check: '= ' + text })} />
          <WordsInput label={t('formDesigner.demandSays')} value={rule.message} onChange={(message) => put(at, { message: message ?? '' })} />
        </div>
      ))}
      <Button type="link" size="small" style={{ alignSelf: 'flex-start' }} icon={<Plus {...icon14} />} onClick={() => change({ rules: [...rules, { check: '= ', message: {} }] }, 'rules')}>
        {t('formDesigner.addDemand')}
      </Button>
    </Block>
  )
}
