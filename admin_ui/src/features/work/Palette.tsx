// Ctrl K: go to a ticket or a page, or do something, from the keyboard.
import { useQuery } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useMe } from '../../api/queries'
import { findTickets } from '../../api/workspace'
import { t, type Key } from '../../i18n/t'
import { Key as KeyCap } from '../../ui/bits'
import './palette.css'

interface Entry {
  key: string
  label: string
  kind: Key
  go: () => void
}

const PAGES: [string, Key, string?][] = [
  ['/work', 'nav.work'],
  ['/board', 'board.title'],
  ['/approvals', 'approvals.nav'],
  ['/notices', 'notify.title'],
  ['/design', 'nav.design', 'see_processes'],
  ['/running', 'nav.running', 'see_process_incidents'],
  ['/records', 'nav.records', 'see_records'],
  ['/people', 'nav.people', 'manage_people'],
  ['/p', 'nav.home'],
]
const ACTS: [string, Key][] = [
  ['next', 'work.next'],
  ['create', 'work.new'],
  ['help', 'keys.title'],
]

export default function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate()
  const { permissions } = useMe()
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const asked = useDeferredValue(q.trim())
  const found = useQuery({ queryKey: ['tickets', 'find', asked], queryFn: () => findTickets(asked), enabled: asked.length > 0 })
  const fits = (label: string) => label.toLowerCase().includes(q.trim().toLowerCase())
  const goTo = (path: string) => () => void navigate(path)
  const entries: Entry[] = [
    ...(asked ? (found.data?.items ?? []) : []).map((one): Entry => ({ key: one.number, label: `${one.number} ${one.title}`, kind: 'nav.work', go: goTo(`/work/${encodeURIComponent(one.number)}`) })),
    ...ACTS.map(([act, label]): Entry => ({ key: act, label: t(label), kind: 'palette.act', go: goTo(`/work?do=${act}`) })).filter(({ label }) => fits(label)),
    ...PAGES.filter(([, , needs]) => !needs || permissions.includes(needs)).map(([path, label]): Entry => ({ key: path, label: t(label), kind: 'palette.page', go: goTo(path) })).filter(({ label }) => fits(label)),
    ...(asked ? [{ key: 'all', label: t('palette.searchAll', { q: asked }), kind: 'palette.act' as const, go: goTo('/work?' + new URLSearchParams({ queue: 'any', q: asked }).toString()) }] : []),
  ]
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at])
  const chosen = entries[Math.min(at, entries.length - 1)]
  const run = (entry: Entry | undefined) => {
    if (!entry) return
    close()
    entry.go()
  }
  return (
    <Modal open onCancel={close} footer={null} closable={false} title={null} aria-label={t('palette.title')} width={560} className="palette">
      <input
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.key}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.what')}
        value={q}
        onChange={(event) => {
          setQ(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'ArrowDown') setAt(Math.min(entries.length - 1, at + 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
          else if (event.key === 'Enter') run(chosen)
          else return
          event.preventDefault()
        }}
      />
      <ul id="palette-list" role="listbox" aria-label={t('palette.title')} ref={list}>
        {entries.map((entry) => (
          <li key={entry.key} id={`palette-${entry.key}`} role="option" aria-selected={entry === chosen} onClick={() => run(entry)}>
            <span className="cut grow">{entry.label}</span>
            <span className="cap">{t(entry.kind)}</span>
          </li>
        ))}
      </ul>
      <p className="cap row g6">
        <KeyCap>↑</KeyCap>
        <KeyCap>↓</KeyCap>
        <KeyCap>Enter</KeyCap>
        <KeyCap>Esc</KeyCap>
      </p>
    </Modal>
  )
}
