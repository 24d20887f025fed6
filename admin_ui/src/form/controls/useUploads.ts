// Files on their way to the server: progress, another try, and a place in the draft until they have arrived.
import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { asProblem, newKey, upload } from '../../api/client'
import { noteFiles } from '../files'
import { SendingsContext } from '../sending'
import { dropWaiting, keepWaiting, waitingAt } from '../waiting'

export interface Sending {
  key: string
  file: File
  part: number
  error?: string
  offline?: boolean
}

/** `prepare` changes a file before it is sent (a photo is made smaller). */
export function useUploads(field: string, add: (id: string) => void, prepare: (file: File) => Promise<File> = Promise.resolve.bind(Promise)) {
  const { draft, report } = useContext(SendingsContext)
  const place = draft && `${draft}/${field}`
  const [sending, setSending] = useState<Sending[]>([])
  const latest = useRef({ add, sending })
  latest.current = { add, sending }
  const stops = useRef(new Map<string, AbortController>())
  const change = (key: string, part: Partial<Sending>) => setSending((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))

  const drop = useCallback((key: string) => {
    stops.current.get(key)?.abort()
    void dropWaiting(key)
    setSending((all) => all.filter((one) => one.key !== key))
  }, [])

  const attempt = useCallback(
    async (key: string, file: File) => {
      const stop = new AbortController()
      stops.current.set(key, stop)
      change(key, { error: undefined, offline: false, part: 0 })
      try {
        const stored = await upload(file, (part) => change(key, { part }), stop.signal)
        noteFiles([stored], true)
        latest.current.add(stored.id)
        drop(key)
      } catch (error) {
        const problem = asProblem(error)
        change(key, { error: problem.message, offline: problem.code === 'offline' })
      }
    },
    [drop],
  )

  const send = useCallback(
    async (files: Iterable<File>) => {
      for (const given of files) {
        const key = newKey()
        setSending((all) => [...all, { key, file: given, part: 0 }])
        const file = await prepare(given)
        change(key, { file })
        if (place) await keepWaiting({ id: key, place, file })
        await attempt(key, file)
      }
    },
    [attempt, place, prepare],
  )

  // What a reload interrupted goes on; what the network refused goes out when it is back.
  useEffect(() => {
    if (!place) return
    void waitingAt(place).then((found) => {
      setSending((all) => [...all, ...found.filter((one) => !all.some((other) => other.key === one.id)).map((one) => ({ key: one.id, file: one.file, part: 0 }))])
      for (const one of found) void attempt(one.id, one.file)
    })
  }, [place, attempt])
  useEffect(() => {
    const online = () => latest.current.sending.filter((one) => one.offline).forEach((one) => void attempt(one.key, one.file))
    addEventListener('online', online)
    return () => removeEventListener('online', online)
  }, [attempt])
  useEffect(() => {
    report(field, sending.length)
    return () => report(field, 0)
  }, [field, report, sending.length])

  return { sending, send, drop, again: (one: Sending) => void attempt(one.key, one.file) }
}
