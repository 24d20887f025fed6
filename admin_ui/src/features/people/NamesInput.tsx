// A name in both languages.
import { Input } from 'antd'
import { t, words, type Words } from '../../i18n/t'
import { Labelled } from './EditBox'

export type Names = Record<string, string>

export function inLanguages(names: Words | undefined): Names {
  if (names && typeof names === 'object') return { ...names }
  return names ? { 'zh-CN': words(names) } : {}
}

export function NamesInput({ value, onChange, error }: { value: Names; onChange: (names: Names) => void; error?: string }) {
  const set = (language: string, name: string) => {
    const next = { ...value, [language]: name }
    if (!name) delete next[language]
    onChange(next)
  }
  return (
    <>
      <Labelled label={t('people.nameZh')} error={error} must>
        {(named) => <Input {...named} value={value['zh-CN'] ?? ''} onChange={(event) => set('zh-CN', event.target.value)} />}
      </Labelled>
      <Labelled label={t('people.nameEn')}>{(named) => <Input {...named} value={value.en ?? ''} onChange={(event) => set('en', event.target.value)} />}</Labelled>
    </>
  )
}
