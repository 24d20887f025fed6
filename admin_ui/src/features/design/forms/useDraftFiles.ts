// Some files of a draft being edited: undo, saving by itself, what another editor does, and nothing typed is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { asProblem } from '../../../api/client'
import { draftChanged, readDraftFile, useDraft, writeDraftFile, type Draft } from '../../../api/drafts'
import { remember, remembered } from '../../../ui/prefs'
import { begun, stepped, type Texts } from './history'

const SAVE_AFTER = 800

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict'

export interface Conflict {
  path: string
  by: string | null
}

export interface DraftFiles {
  draft: Draft | undefined
  error: unknown
  texts: Texts | null
  state: SaveState
  savedAt: string | null
  wrong: string | null // why it could not be saved
  conflict: Conflict | null
  /** Who changed the files just now, so that they were read anew. */
  reloadedFrom: string | null
  set(texts: Texts, merge?: string): void
  undo: (() => void) | null
  redo: (() => void) | null
  save(): void
  keepMine(): Promise<void>
  takeTheirs(): Promise<void>
}

interface Kept {
  texts: Texts
  etags: Record<string, string | null>
}

export function useDraftFiles(key: string, wanted: (draft: Draft) => string[]): DraftFiles {
  const client = useQueryClient()
  const draft = useDraft(key)
  const paths = useMemo(() => (draft.data ? wanted(draft.data) : []), [draft.data, wanted])
  const named = paths.join('\n')
  const keptName = `draftFiles.${key}.${paths[0] ?? ''}`
  const first = useQuery({
    queryKey: ['drafts', key, 'files', named],
    queryFn: async () => Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readDraftFile(key, path)] as const))),
    enabled: paths.length > 0,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const [history, dispatch] = useReducer(stepped, {}, begun)
  const [ready, setReady] = useState(false)
  const [state, setState] = useState<SaveState>('saved')
  const [wrong, setWrong] = useState<string | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [reloadedFrom, setReloadedFrom] = useState<string | null>(null)
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const [round, setRound] = useState(0) // counts up when something was typed while the last text was on its way
  const stored = useRef<{ texts: Texts; etags: Record<string, string | null> }>({ texts: {}, etags: {} })
  const busy = useRef(false)
  const latest = useRef(history.now)
  latest.current = history.now
  const dirty = useCallback(() => Object.keys(latest.current).filter((path) => latest.current[path] !== stored.current.texts[path]), [])

  useEffect(() => {
    if (!first.data) return
    const texts = Object.fromEntries(Object.entries(first.data).map(([path, file]) => [path, file.text]))
    stored.current = { texts: { ...texts }, etags: Object.fromEntries(Object.entries(first.data).map(([path, file]) => [path, file.etag])) }
    dispatch({ do: 'begin', texts })
    const kept = readKept(keptName)
    if (kept) {
      dispatch({ do: 'set', texts: kept.texts, merge: null })
      // Written against what was read then: a newer file of somebody else makes it a conflict, not a loss.
      for (const path of Object.keys(kept.texts)) stored.current.etags[path] = kept.etags[path] ?? stored.current.etags[path] ?? null
      setState('unsaved')
    }
    setReady(true)
  }, [first.data, keptName])

  const save = useCallback(async () => {
    if (busy.current || conflict) return
    const changed = dirty()
    if (!changed.length) return
    busy.current = true
    setState('saving')
    setWrong(null)
    let path = ''
    try {
      for (path of changed) {
        const file = await writeDraftFile(key, path, latest.current[path]!, stored.current.etags[path] ?? 'new')
        stored.current.texts[path] = file.text
        stored.current.etags[path] = file.etag
      }
      const left = dirty()
      setState(left.length ? 'unsaved' : 'saved')
      setSavedAt(new Date().toISOString())
      if (left.length) setRound((before) => before + 1)
      else remember(keptName, null)
      void draftChanged(client, key)
    } catch (error) {
      const problem = asProblem(error)
      if (problem.code === 'stale-version') {
        const now = await client.fetchQuery<Draft>({ queryKey: ['drafts', key], staleTime: 0 }).catch(() => null)
        setConflict({ path, by: now?.files.find((file) => file.path === path)?.updated_by ?? null })
        setState('conflict')
      } else {
        setWrong(problem.message)
        setState('failed')
      }
    } finally {
      busy.current = false
    }
  }, [client, conflict, dirty, key, keptName])

  useEffect(() => {
    if (!ready) return
    if (!dirty().length) {
      // Undone to what is stored already.
      remember(keptName, null)
      return setState((before) => (before === 'unsaved' ? 'saved' : before))
    }
    const changed = Object.fromEntries(dirty().map((path) => [path, history.now[path]!]))
    remember(keptName, JSON.stringify({ texts: changed, etags: stored.current.etags } satisfies Kept))
    setState((before) => (before === 'conflict' ? before : 'unsaved'))
    const timer = setTimeout(() => void save(), SAVE_AFTER)
    return () => clearTimeout(timer)
  }, [history.now, ready, dirty, keptName, save, round])

  useEffect(() => {
    const online = () => void save()
    addEventListener('online', online)
    return () => removeEventListener('online', online)
  }, [save])

  const readAnew = useCallback(
    async (path: string) => {
      const file = await readDraftFile(key, path)
      stored.current.texts[path] = file.text
      stored.current.etags[path] = file.etag
      return file
    },
    [key],
  )

  // Another editor has saved: what is untouched here is read anew.
  useEffect(() => {
    if (!ready || busy.current || dirty().length) return
    const newer = draft.data?.files.find((file) => file.path in stored.current.texts && file.rev > revOf(stored.current.etags[file.path]))
    if (!newer) return
    void readAnew(newer.path).then((file) => {
      dispatch({ do: 'set', texts: { [newer.path]: file.text }, merge: null })
      setReloadedFrom(newer.updated_by)
    }, () => undefined)
  }, [draft.data, ready, dirty, readAnew])

  return {
    draft: draft.data,
    error: draft.error ?? first.error,
    texts: ready ? history.now : null,
    state, savedAt, wrong, conflict, reloadedFrom,
    set: useCallback((texts, merge) => dispatch({ do: 'set', texts, merge: merge ?? null }), []),
    undo: history.past.length ? () => dispatch({ do: 'undo' }) : null,
    redo: history.future.length ? () => dispatch({ do: 'redo' }) : null,
    save: () => void save(),
    async keepMine() {
      if (!conflict) return
      const mine = latest.current[conflict.path]!
      await readAnew(conflict.path)
      setConflict(null)
      setState('unsaved')
      dispatch({ do: 'set', texts: { [conflict.path]: mine }, merge: null })
    },
    async takeTheirs() {
      if (!conflict) return
      const file = await readAnew(conflict.path)
      setConflict(null)
      dispatch({ do: 'set', texts: { [conflict.path]: file.text }, merge: null })
      remember(keptName, null)
      setState('saved')
    },
  }
}

const revOf = (etag: string | null | undefined): number => Number(etag?.replace(/\D/g, '') || 0)

function readKept(name: string): Kept | null {
  try {
    const kept = JSON.parse(remembered(name) ?? 'null') as Kept | null
    return kept && typeof kept.texts === 'object' ? kept : null
  } catch {
    return null
  }
}
