// The small controls that the questions of the designer are made of.
import { Input, InputNumber, Select } from 'antd'
import type { SelectProps } from 'antd'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { findPeople, useGroups, useName } from '../../../api/queries'
import { t, words } from '../../../i18n/t'
import { LANGUAGES } from '../forms/languages'
import { useDesk } from './context'
import { readLength, UNITS, writeLength, type Unit } from './duration'

const IDLE = 700 // after which what was typed is a step of its own

export function Question({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <div className="pd-question" role="group" aria-label={label}>
      <span className="pd-label">{label}</span>
      {children}
      {help && <span className="cap">{help}</span>}
    </div>
  )
}

interface TextProps {
  label: string
  value: string
  onChange: (text: string) => void
  placeholder?: string
  long?: boolean
  lang?: string
  name?: string
}

/** A text that is handed over when the person pauses or leaves it, so that a word is one step back. */
export function TextSetting({ label, value, onChange, placeholder, long, lang, name }: TextProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const latest = useRef({ draft, value, onChange })
  latest.current = { draft, value, onChange }
  const hand = () => {
    const now = latest.current
    if (now.draft !== null && now.draft !== now.value) now.onChange(now.draft)
    setDraft(null)
  }
  useEffect(() => {
    if (draft === null) return
    const timer = setTimeout(() => {
      const now = latest.current
      if (now.draft !== null && now.draft !== now.value) now.onChange(now.draft)
    }, IDLE)
    return () => clearTimeout(timer)
  }, [draft])
  useEffect(
    () => () => {
      const { draft: left, value: before, onChange: change } = latest.current
      if (left !== null && left !== before) change(left)
    },
    [],
  )
  const common = { 'aria-label': label, 'data-name': name, lang, placeholder, value: draft ?? value, onBlur: hand }
  return long ? (
    <Input.TextArea {...common} autoSize={{ minRows: 2, maxRows: 8 }} onChange={(event) => setDraft(event.target.value)} />
  ) : (
    <Input {...common} onChange={(event) => setDraft(event.target.value)} onPressEnter={hand} />
  )
}

/** A text in both languages, one below the other. */
export function BothLanguages({ label, values, onChange, long, name }: { label: string; values: Record<string, string>; onChange: (language: string, text: string) => void; long?: boolean; name?: string }) {
  return (
    <Question label={label}>
      {LANGUAGES.map((language) => (
        <TextSetting
          key={language}
          name={name && `${name}.${language}`}
          lang={language}
          label={`${label} · ${t(`formDesigner.language.${language}`)}`}
          placeholder={t(`formDesigner.language.${language}`)}
          value={values[language] ?? ''}
          onChange={(text) => onChange(language, text)}
          long={long}
        />
      ))}
    </Question>
  )
}

export const Picker = <V,>(props: SelectProps<V> & { label: string }) => {
  const { label, ...rest } = props
  return <Select<V> style={{ width: '100%' }} aria-label={label} popupMatchSelectWidth={false} {...rest} />
}

/** A length of time; anything more than count and unit is shown as it is written. */
export function LengthSetting({ label, value, onChange, required }: { label: string; value: string; onChange: (text: string | null) => void; required?: boolean }) {
  const length = readLength(value)
  if (value && !length)
    return (
      <div className="row g6">
        <TextSetting label={label} value={value} onChange={(text) => onChange(text || null)} />
      </div>
    )
  return (
    <div className="row g6">
      <InputNumber min={1} max={9999} precision={0} style={{ width: 92 }} aria-label={label} value={length?.count ?? null} onChange={(count) => onChange(count ? writeLength({ count, unit: length?.unit ?? 'hours' }) : required ? writeLength({ count: 1, unit: length?.unit ?? 'days' }) : null)} />
      <Picker<Unit> label={t('designer.unit')} value={length?.unit ?? 'hours'} onChange={(unit) => onChange(writeLength({ count: length?.count ?? 1, unit }))} options={UNITS.map((unit) => ({ value: unit, label: t(`designer.unit.${unit}`) }))} />
    </div>
  )
}

const parts = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean)

/** Groups of the installation and those that the package makes. */
export function useGroupChoices() {
  const groups = useGroups()
  const { facts } = useDesk()
  const own = (facts.manifest?.groups ?? []).map(({ key, label }) => ({ value: key, label: words(label) || key }))
  const others = (groups.data?.items ?? []).filter((group) => !own.some((one) => one.value === group.key)).map((group) => ({ value: group.key, label: words(group.name) || group.key }))
  return [...own, ...others]
}

export function GroupsSetting({ label, value, onChange, single }: { label: string; value: string; onChange: (text: string | null) => void; single?: boolean }) {
  const options = useGroupChoices()
  if (single) return <Picker label={label} placeholder={t('designer.pickGroup')} showSearch={{ optionFilterProp: 'label' }} value={value || undefined} onChange={(next: string) => onChange(next)} options={options} />
  return <Picker<string[]> label={label} mode="multiple" placeholder={t('designer.pickGroups')} showSearch={{ optionFilterProp: 'label' }} value={parts(value)} onChange={(next) => onChange(next.join(',') || null)} options={options} />
}

const PAUSE = 200

export function PeopleSetting({ label, value, onChange }: { label: string; value: string; onChange: (text: string | null) => void }) {
  const [found, setFound] = useState<{ value: string; label: string }[]>([])
  const timer = useRef(0)
  const find = (q: string) => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void findPeople(q).then((page) => setFound(page.items.map((one) => ({ value: one.username, label: one.name }))), () => setFound([])), q ? PAUSE : 0)
  }
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const names = parts(value)
  return (
    <Picker<string[]>
      label={label}
      mode="multiple"
      placeholder={t('form.findPerson')}
      showSearch={{ filterOption: false, onSearch: find }}
      onOpenChange={(open) => open && find('')}
      value={names}
      onChange={(next) => onChange(next.join(',') || null)}
      options={[...names.filter((one) => !found.some((other) => other.value === one)).map((one) => ({ value: one, label: one })), ...found]}
      labelRender={({ value: username }) => <PersonName of={String(username)} />}
    />
  )
}

function PersonName({ of }: { of: string }) {
  return <>{useName(of)}</>
}

/** A choice shown as cards with a line of explanation each. */
export function Cards<V extends string>({ label, value, onChange, options }: { label: string; value: V | null; onChange: (value: V) => void; options: { value: V; label: string; help: string }[] }) {
  const name = useId()
  return (
    <div className="pd-cards" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className="pd-card" data-on={option.value === value || undefined}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span className="col">
            <span className="t13">{option.label}</span>
            <span className="cap">{option.help}</span>
          </span>
        </label>
      ))}
    </div>
  )
}

/** A formula that no picker can say: shown as it is, kept as it is. */
export function AsWritten({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  return (
    <div className="col g4">
      <TextSetting label={label} value={value} onChange={onChange} long />
      <span className="cap">{t('designer.asWritten')}</span>
    </div>
  )
}
