// What tells a new ticket type from the others: its names, and what its numbers begin with.
import { Input } from 'antd'
import { useState } from 'react'
import { t } from '../../i18n/t'
import { Labelled } from '../people/EditBox'

export interface Identity {
  zh: string
  en: string
  prefix: string
  whole: boolean // enough to make the type
  setZh: (text: string) => void
  setEn: (text: string) => void
  setPrefix: (text: string) => void
}

export function useIdentity(): Identity {
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const [typed, setTyped] = useState<string | null>(null)
  const prefix = typed ?? prefixFrom(en)
  // Numbers begin with a letter: what is typed before the first one is left out.
  const setPrefix = (text: string) => setTyped(text.toUpperCase().replace(/[^A-Z0-9]/g, '').replace(/^[0-9]+/, ''))
  return { zh, en, prefix, whole: !!(zh || en) && !!prefix, setZh, setEn, setPrefix }
}

export function IdentityFields({ zh, en, prefix, setZh, setEn, setPrefix }: Identity) {
  return (
    <>
      <Labelled label={t('designer.nameZh')} must>
        {({ status, ...named }) => <Input {...named} status={status} lang="zh-CN" value={zh} onChange={(event) => setZh(event.target.value)} />}
      </Labelled>
      <Labelled label={t('designer.nameEn')}>
        {({ status, ...named }) => <Input {...named} status={status} lang="en" value={en} onChange={(event) => setEn(event.target.value)} />}
      </Labelled>
      <Labelled label={t('designer.prefix')} must help={t('designer.prefixHelp', { prefix: prefix || 'ABC' })}>
        {({ status, ...named }) => <Input {...named} status={status} maxLength={10} value={prefix} onChange={(event) => setPrefix(event.target.value)} />}
      </Labelled>
    </>
  )
}

/** The first letters of a name's words, or the beginning of the first where those are too few. */
function prefixFrom(name: string): string {
  const all = name.toUpperCase().split(/[^A-Z0-9]+/).filter((word) => /^[A-Z]/.test(word))
  return (all.length > 2 ? all.map((word) => word[0]).join('') : (all[0] ?? '').slice(0, 3)).slice(0, 5)
}
