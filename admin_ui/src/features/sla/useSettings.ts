// A settings file of a draft being edited: saved by itself a moment after each change, one save at a time.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { asProblem } from '../../api/client'
import { draftChanged, useDraft } from '../../api/drafts'
import { useDraftSettings, writeDraftSettings, type DraftSettings, type SettingsFile } from '../../api/settingsOfDrafts'

const SAVE_AFTER = 500

export type SaveState = 'saved' | 'unsaved' | 'failed'

export interface Settings<Doc> {
  doc: Doc | null
  file: DraftSettings<Doc> | undefined // as it was stored last
  error: unknown
  state: SaveState
  wrong: string | null
  set: (doc: Doc) => void
}

export function useSettings<Doc>(key: string, what: SettingsFile): Settings<Doc> {
  const client = useQueryClient()
  const opened = useDraftSettings<Doc>(key, what, !!useDraft(key).data)
  const [file, setFile] = useState<DraftSettings<Doc>>()
  const [doc, setDoc] = useState<Doc | null>(null)
  const [state, setState] = useState<SaveState>('saved')
  const [wrong, setWrong] = useState<string | null>(null)
  const etag = useRef<string | null>(null)
  const latest = useRef<Doc | null>(null)
  const busy = useRef(false)
  useEffect(() => {
    if (!opened.data || latest.current !== null) return
    etag.current = opened.data.etag
    latest.current = opened.data.document
    setDoc(opened.data.document)
    setFile(opened.data)
  }, [opened.data])
  const save = useCallback(async () => {
    if (busy.current || latest.current === null) return
    busy.current = true
    const sent = latest.current
    try {
      const stored = await writeDraftSettings(key, what, sent, etag.current)
      etag.current = stored.etag
      setFile(stored)
      setWrong(null)
      setState(latest.current === sent ? 'saved' : 'unsaved')
      void draftChanged(client, key)
    } catch (error) {
      setWrong(asProblem(error).message)
      setState('failed')
    }
    busy.current = false
    if (latest.current !== sent) void save()
  }, [client, key, what])
  const timer = useRef(0)
  const set = useCallback(
    (next: Doc) => {
      latest.current = next
      setDoc(next)
      setState('unsaved')
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => void save(), SAVE_AFTER)
    },
    [save],
  )
  return { doc, file, error: opened.error, state, wrong, set }
}
