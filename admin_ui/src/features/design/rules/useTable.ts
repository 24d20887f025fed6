// A table being edited: undo, saving by itself, and what another editor does.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { asProblem } from '../../../api/client'
import { draftChanged, useDraft } from '../../../api/drafts'
import { readTable, writeTable, type DecisionFile } from '../../../api/rules'
import type { Finding } from '../../../api/types'
import type { SaveState } from '../forms/useDraftFiles'
import { document, NOWHERE, opened, placedAs, type Placed, type Table } from './table'

const SAVE_AFTER = 600
const LONGEST = 200

interface History {
  past: Table[]
  now: Table | null
  future: Table[]
}
type Step = { do: 'set'; table: Table } | { do: 'begin'; table: Table } | { do: 'undo' } | { do: 'redo' }

function stepped({ past, now, future }: History, step: Step): History {
  if (step.do === 'begin') return { past: [], now: step.table, future: [] }
  if (step.do === 'set') return step.table === now ? { past, now, future } : { past: now ? [...past, now].slice(-LONGEST) : past, now: step.table, future: [] }
  if (step.do === 'undo') return past.length ? { past: past.slice(0, -1), now: past.at(-1)!, future: [now!, ...future] } : { past, now, future }
  return future.length ? { past: [...past, now!], now: future[0]!, future: future.slice(1) } : { past, now, future }
}

export interface Editing {
  file: DecisionFile
  table: Table
  set: (table: Table) => void
  undo: (() => void) | null
  redo: (() => void) | null
  state: SaveState
  wrong: string | null
  save: () => Promise<void>
  findings: Finding[]
  conflictWith: string | null
  keepMine: () => void
  takeTheirs: () => void
}

export function useTable(key: string, first: DecisionFile): Editing {
  const client = useQueryClient()
  const decision = first.decision.id
  const [history, dispatch] = useReducer(stepped, first, (file) => ({ past: [], now: opened(file.table!), future: [] }))
  const table = history.now!
  const [file, setFile] = useState(first)
  const [state, setState] = useState<SaveState>('saved')
  const [wrong, setWrong] = useState<string | null>(null)
  const [theirs, setTheirs] = useState<DecisionFile | null>(null)
  const stored = useRef<{ table: Table; placed: Placed; rev: number }>({ table, placed: placedAs(table), rev: first.rev })
  const latest = useRef(table)
  latest.current = table
  const running = useRef<Promise<void> | null>(null)
  const draft = useDraft(key)

  const take = useCallback((next: DecisionFile) => {
    const read = opened(next.table!)
    stored.current = { table: read, placed: placedAs(read), rev: next.rev }
    latest.current = read
    setFile(next)
    dispatch({ do: 'begin', table: read })
    setState('saved')
  }, [])

  const save = useCallback((): Promise<void> => {
    if (running.current) return running.current.then(() => save())
    const sent = latest.current
    if (sent === stored.current.table || theirs) return Promise.resolve()
    setState('saving')
    setWrong(null)
    running.current = writeTable(key, decision, document(sent, stored.current.placed), `"${stored.current.rev}"`)
      .then(
        (next) => {
          stored.current = { table: sent, placed: placedAs(sent), rev: next.rev }
          setFile(next)
          setState(latest.current === sent ? 'saved' : 'unsaved')
          void draftChanged(client, key)
        },
        async (error: unknown) => {
          const problem = asProblem(error)
          if (problem.code === 'stale-version') {
            setTheirs(await readTable(key, decision).catch(() => null))
            setState('conflict')
          } else {
            setWrong(problem.message)
            setState('failed')
          }
        },
      )
      .finally(() => (running.current = null))
    return running.current
  }, [client, decision, key, theirs])

  useEffect(() => {
    if (table === stored.current.table) {
      setState((before) => (before === 'unsaved' ? 'saved' : before))
      return
    }
    setState((before) => (before === 'conflict' ? before : 'unsaved'))
    const timer = setTimeout(() => void save(), SAVE_AFTER)
    return () => clearTimeout(timer)
  }, [table, save, file])

  // What is not stored yet goes out when the network is back and when the page is left.
  useEffect(() => {
    const online = () => void save()
    const leaving = (event: BeforeUnloadEvent) => latest.current !== stored.current.table && event.preventDefault()
    addEventListener('online', online)
    addEventListener('beforeunload', leaving)
    return () => {
      removeEventListener('online', online)
      removeEventListener('beforeunload', leaving)
    }
  }, [save])
  const last = useRef(save)
  last.current = save
  useEffect(() => () => void last.current(), [])

  // Somebody else has saved while nothing was changed here.
  const rev = draft.data?.files.find((one) => one.path === file.decision.path)?.rev
  useEffect(() => {
    if (rev === undefined || rev <= stored.current.rev || running.current || latest.current !== stored.current.table) return
    void readTable(key, decision).then((next) => next.table && next.rev > stored.current.rev && take(next), () => undefined)
  }, [rev, key, decision, take])

  return {
    file, table, state, wrong, save,
    set: useCallback((next) => dispatch({ do: 'set', table: next }), []),
    undo: history.past.length ? () => dispatch({ do: 'undo' }) : null,
    redo: history.future.length ? () => dispatch({ do: 'redo' }) : null,
    findings: file.findings,
    conflictWith: state === 'conflict' ? (theirs?.updated_by ?? '') : null,
    // Mine goes over theirs as a whole: nothing of it knows a place in their file.
    keepMine: () => {
      stored.current = { ...stored.current, placed: NOWHERE, rev: theirs?.rev ?? stored.current.rev }
      setTheirs(null)
      setState('unsaved')
      setFile((before) => ({ ...before }))
    },
    takeTheirs: () => {
      if (theirs?.table) take(theirs)
      setTheirs(null)
    },
  }
}
