// Everybody's own approvals: to do, done, asked for, copied to me; several are answered in one go.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Input, Segmented, Select } from 'antd'
import { Search } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { BOXES, decideSeveral, useApprovalCounts, useApprovals, type Box } from '../../api/approvals'
import { asProblem } from '../../api/client'
import { ticketChanged, useTypes } from '../../api/queries'
import { known, t, words } from '../../i18n/t'
import { Empty, Failed, icon14, Loading, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { useShortcuts } from '../work/useShortcuts'
import { ApprovalRow } from './ApprovalRow'
import { useBase } from './base'
import './approvals.css'

const PAUSE = 250

export function ApprovalList() {
  const base = useBase()
  const phone = usePhone()
  const [search, setSearch] = useSearchParams()
  const box = (BOXES as readonly string[]).includes(search.get('box') ?? '') ? (search.get('box') as Box) : 'todo'
  const q = search.get('q') ?? ''
  const type = search.get('type') ?? undefined
  const counts = useApprovalCounts()
  const types = useTypes()
  const list = useApprovals({ box, q: q.trim(), type })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const [checked, setChecked] = useState<string[]>([])
  const [refused, setRefused] = useState<Record<string, string>>({})
  const there = checked.filter((task) => rows.some((row) => row.task === task))
  const put = (name: string, value: string | undefined) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace: name === 'q' },
    )
  useEffect(() => {
    setChecked([])
    setRefused({})
  }, [box, q, type])
  const named = new Map([...(types.data?.items ?? []).map((one) => [one.key, words(one.name)] as const), ...rows.map((row) => [row.type, row.type_name] as const)])
  useKeys(checked, setChecked)
  const count = (one: Box) => (one === 'todo' ? counts.data?.todo : one === 'copied' ? counts.data?.copied : 0)
  const size = phone ? 'large' : 'middle'
  return (
    <div className="approvals">
      <div className="approvals-head">
        <Segmented
          size={size}
          block={phone}
          aria-label={t('approvals.boxes')}
          value={box}
          onChange={(next) => put('box', next === 'todo' ? undefined : next)}
          options={BOXES.map((value) => ({
            value,
            label: (
              <span className="row g6 box-label">
                {known(`approvals.box.${value}`)}
                {!!count(value) && <span className={value === 'todo' ? 'count hot' : 'count'}>{count(value)}</span>}
              </span>
            ),
          }))}
        />
        <span className="grow" />
        <Find key={box} value={q} onChange={(text) => put('q', text)} size={size} />
        <Select
          className="approvals-type"
          allowClear
          size={size}
          aria-label={t('approvals.type')}
          placeholder={t('approvals.allTypes')}
          value={type}
          onChange={(next?: string) => put('type', next)}
          options={[...named].map(([value, label]) => ({ value, label }))}
        />
      </div>
      {there.length > 0 && <Batch tasks={there} done={(said) => setRefused(said)} clear={() => setChecked([])} numbers={rows.filter((row) => there.includes(row.task)).map((row) => row.ticket)} />}
      {list.error ? (
        <Failed error={list.error} again={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading lines={6} />
      ) : rows.length ? (
        <ul className="card approval-rows">
          {rows.map((row) => (
            <ApprovalRow
              key={row.task + row.at}
              row={row}
              box={box}
              base={base}
              checked={checked.includes(row.task)}
              check={(on) => setChecked((before) => (on ? [...before, row.task] : before.filter((task) => task !== row.task)))}
              refused={refused[row.task]}
            />
          ))}
        </ul>
      ) : (
        <Empty
          title={q || type ? t('approvals.notFound') : (known(`approvals.empty.${box}`) ?? '')}
          text={q || type ? undefined : (known(`approvals.emptyWhat.${box}`) ?? undefined)}
          action={q || type ? <Button onClick={() => setSearch(box === 'todo' ? {} : { box })}>{t('approvals.showAll')}</Button> : undefined}
        />
      )}
      {list.hasNextPage && (
        <div className="approvals-more">
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('do.more')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Find({ value, onChange, size }: { value: string; onChange: (text: string) => void; size: 'large' | 'middle' }) {
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), PAUSE)
    return () => clearTimeout(timer)
  })
  return <Input className="approvals-find" size={size} allowClear prefix={<Search {...icon14} />} aria-label={t('approvals.search')} placeholder={t('approvals.search')} value={text} maxLength={100} onChange={(event) => setText(event.target.value)} />
}

/** j and k go from row to row, x ticks the one where the cursor is. */
function useKeys(checked: string[], setChecked: (tasks: string[]) => void): void {
  const links = () => [...document.querySelectorAll<HTMLElement>('[data-open]')]
  const step = (by: number) => {
    const all = links()
    const at = all.indexOf(document.activeElement as HTMLElement)
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
  }
  const tick = () => {
    const task = document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset.task
    if (task) setChecked(checked.includes(task) ? checked.filter((one) => one !== task) : [...checked, task])
  }
  useShortcuts({ j: () => step(1), k: () => step(-1), x: tick })
}

interface BatchProps {
  tasks: string[]
  numbers: string[]
  done: (refused: Record<string, string>) => void
  clear: () => void
}

function Batch({ tasks, numbers, done, clear }: BatchProps) {
  const client = useQueryClient()
  const phone = usePhone()
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState<string | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const decide = async (action: string) => {
    setBusy(action)
    setWrong(null)
    try {
      const { results } = await decideSeveral(tasks, action, comment.trim())
      const refused = results.filter((one) => one.status >= 400)
      done(Object.fromEntries(refused.map((one) => [one.task, one.detail ?? one.title ?? ''])))
      setSaid(t('approvals.batchDone', { n: results.length - refused.length, refused: refused.length }))
      await Promise.all(numbers.map((number) => ticketChanged(client, number)))
      if (!refused.length) clear()
    } catch (error) {
      setWrong(asProblem(error).message)
    } finally {
      setBusy(null)
    }
  }
  const size = phone ? 'large' : 'middle'
  return (
    <div className="batch" role="region" aria-label={t('approvals.chosen', { n: tasks.length })}>
      <b className="t13 nowrap">{t('approvals.chosen', { n: tasks.length })}</b>
      <Input size={size} className="grow" aria-label={t('approvals.opinion')} placeholder={t('approvals.opinionMay')} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
      <div className="row g8">
        <Button size={size} type="primary" loading={busy === 'agree'} onClick={() => void decide('agree')}>
          {t('approvals.agreeAll')}
        </Button>
        <Button size={size} danger loading={busy === 'reject'} onClick={() => void decide('reject')}>
          {t('approvals.rejectAll')}
        </Button>
        <Button size={size} type="text" onClick={clear}>
          {t('do.cancel')}
        </Button>
      </div>
      {said && <Remark tone="neutral">{said}</Remark>}
      {wrong && <Remark tone="red">{wrong}</Remark>}
    </div>
  )
}
