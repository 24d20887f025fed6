// One form being filled in: answers, rules, draft, errors, and what goes to the server.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { newKey, type Problem } from '../api/client'
import type { FormDoc, Values } from '../api/types'
import { remember, remembered } from '../ui/prefs'
import { t } from '../i18n/t'
import { check, type Errors } from './check'
import { settle, type Feel, type Settled } from './logic'
import { hasRules } from './model'
import type { Sendings } from './sending'
import { dropWaitingOf } from './waiting'

const SAVE_AFTER = 400

interface Draft {
  values: Values
  key: string
  sent: string // the body that `key` went out with
  at: string
}

export interface FormState {
  form: FormDoc
  ready: boolean
  settled: Settled
  errors: Errors
  savedAt: string | null
  restored: boolean
  set(key: string, value: unknown): void
  fillIn(values: Values): void
  setErrors(errors: Errors): void
  /**
   * Checks everything, for expressions that also see `more`; false and errors set when something is missing.
   * Files that are still on their way are missing too, unless they may wait (for the network).
   */
  valid(more?: Values, filesMayWait?: boolean): boolean
  /** The answers to send: what is shown and may be written. */
  answers(more?: Values): Values
  /** The Idempotency-Key of this body: the same until the body changes. */
  keyFor(body: unknown): string
  /** Puts the server's errors at their fields; true when all have found a place. */
  place(problem: Problem): boolean
  forget(): void
  sendings: Sendings
}

const NONE: FormDoc = { key: '', fields: [] }

export function useForm(document: FormDoc | null, start: Values, draftName: string | null, outer?: Values): FormState {
  const form = document ?? NONE
  const kept = useMemo(() => (draftName ? read(draftName) : null), [draftName])
  const [given, setGiven] = useState<Values>(() => ({ ...start, ...kept?.values }))
  const [errors, setErrors] = useState<Errors>({})
  const [savedAt, setSavedAt] = useState<string | null>(kept?.at ?? null)
  const key = useRef({ key: kept?.key ?? newKey(), sent: kept?.sent ?? '' })
  const [feel, setFeel] = useState<Feel | null>(null)
  const wantsFeel = useMemo(() => hasRules(form), [form])
  const touched = useRef(false)
  const onTheirWay = useRef<Record<string, number>>({})
  const sendings = useMemo((): Sendings => ({ draft: draftName, report: (field, count) => void (onTheirWay.current[field] = count) }), [draftName])

  useEffect(() => {
    if (wantsFeel) void import('./feel').then((module) => setFeel(module))
  }, [wantsFeel])

  const save = useCallback(
    (values: Values) => {
      if (!draftName) return
      const at = new Date().toISOString()
      remember('draft.' + draftName, JSON.stringify({ values, ...key.current, at } satisfies Draft))
      setSavedAt(at)
    },
    [draftName],
  )
  useEffect(() => {
    if (!touched.current) return
    const timer = setTimeout(() => touched.current && save(given), SAVE_AFTER) // unless it was sent meanwhile
    return () => clearTimeout(timer)
  }, [given, save])
  // Whoever leaves within that moment (a link, a session that ended, a closed tab) loses nothing either.
  const unsaved = useRef<(() => void) | null>(null)
  unsaved.current = touched.current ? () => save(given) : null
  useEffect(() => {
    const now = () => touched.current && unsaved.current?.()
    addEventListener('pagehide', now)
    return () => {
      removeEventListener('pagehide', now)
      now()
    }
  }, [])

  const ready = !wantsFeel || feel !== null
  const settled = useMemo(() => settle(form, given, feel, outer), [form, given, feel, outer])

  const set = useCallback((name: string, value: unknown) => {
    touched.current = true
    setGiven((before) => ({ ...before, [name]: value }))
    setErrors((before) => {
      const left = Object.entries(before).filter(([path]) => path !== name && !path.startsWith(name + '/'))
      return left.length === Object.keys(before).length ? before : Object.fromEntries(left)
    })
  }, [])

  return {
    form, ready, settled, errors, savedAt, restored: !!kept, set, setErrors, sendings,
    fillIn(values) {
      touched.current = true
      setGiven((before) => ({ ...before, ...values }))
      setErrors({})
    },
    valid(more, filesMayWait) {
      const found = check(form, more ? settle(form, given, feel, more) : settled)
      for (const [field, n] of Object.entries(onTheirWay.current)) {
        if (n && filesMayWait) delete found[field]
        else if (n) found[field] = t('form.stillSending', { n })
      }
      setErrors(found)
      return Object.keys(found).length === 0
    },
    answers(more) {
      const out: Values = {}
      const { states, values } = more ? settle(form, given, feel, more) : settled
      for (const field of form.fields) {
        const state = states[field.key]
        if (!state?.shown || state.readOnly || field.kind === 'note' || field.kind === 'computed') continue
        const value = values[field.key]
        if (value !== undefined) out[field.key] = value === '' ? null : value
      }
      return out
    },
    keyFor(body) {
      const text = JSON.stringify(body)
      if (key.current.sent !== text) key.current = { key: key.current.sent ? newKey() : key.current.key, sent: text }
      if (draftName) save(given)
      return key.current.key
    },
    place(problem) {
      const found: Errors = {}
      let all = true
      for (const { pointer, detail } of problem.errors) {
        const path = pointer.replace(/^\/values\//, '').replace(/^\//, '')
        const name = path.split('/')[0]!
        if (settled.states[name]?.shown || name === 'title') found[path] = found[path] ?? detail
        else all = false
      }
      setErrors(found)
      return all && Object.keys(found).length > 0
    },
    forget() {
      touched.current = false
      if (draftName) {
        remember('draft.' + draftName, null)
        void dropWaitingOf(draftName)
      }
      key.current = { key: newKey(), sent: '' }
      setSavedAt(null)
    },
  }
}

function read(name: string): Draft | null {
  try {
    const draft = JSON.parse(remembered('draft.' + name) ?? 'null') as Draft | null
    return draft && typeof draft.values === 'object' ? draft : null
  } catch {
    return null
  }
}
