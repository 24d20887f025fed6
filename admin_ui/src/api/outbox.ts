// Tickets that wait for the network: kept in this browser with their files, each sent once when it is back.
import { useSyncExternalStore } from 'react'
import type { Words } from '../i18n/t'
import { within } from '../ui/kept'
import { asProblem, call, keepCsrf, upload, type Problem } from './client'
import type { Session, Ticket, Values } from './types'

export interface LetterFile {
  field: string
  many: boolean // the field takes a list of files
  file: File
  sent?: string // its id on the server
}

export interface Letter {
  id: string // its Idempotency-Key
  user: string
  draft: string // the draft that it was, for the way back
  type: string
  name: Words
  body: { type: string; title: string; values: Values }
  files: LetterFile[]
  at: string
  uploadedAt?: number
  refused?: string // what the server had against it
}

const FILES_LAST = 20 * 3600_000 // the server keeps files without a ticket for a day
const LOCK = 'banjie.outbox'
const news = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(LOCK)
const listeners = new Set<() => void>()
let letters: readonly Letter[] = []
let busy = false

async function look(): Promise<void> {
  const found = await within('letters', 'readonly', (store) => store.getAll() as IDBRequest<Letter[]>)
  letters = (found ?? []).sort((a, b) => a.at.localeCompare(b.at))
  listeners.forEach((listener) => listener())
}

async function changed(): Promise<void> {
  await look()
  news?.postMessage('changed') // other tabs show the same
}

news?.addEventListener('message', () => void look())
void look()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Everything that waits in this browser, whoever wrote it. */
export const useOutbox = (): readonly Letter[] => useSyncExternalStore(subscribe, () => letters)

/** Puts a ticket into the outbox; false in a browser that keeps nothing. */
export async function putOut(letter: Letter): Promise<boolean> {
  const kept = (await within('letters', 'readwrite', (store) => store.put(letter))) !== null
  await changed()
  return kept
}

export async function takeBack(id: string): Promise<void> {
  await within('letters', 'readwrite', (store) => store.delete(id))
  await changed()
}

/** Sends what waits for a person; one tab at a time, `told` for each that has arrived. */
export async function deliver(user: string, told: (letter: Letter, number: string) => void): Promise<void> {
  if (busy) return
  busy = true
  try {
    const run = () => sendAll(user, told)
    if (navigator.locks) await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? run() : undefined))
    else await run() // the key keeps even two tabs from making two tickets
  } finally {
    busy = false
  }
}

async function sendAll(user: string, told: (letter: Letter, number: string) => void): Promise<void> {
  await look()
  const mine = letters.filter((letter) => letter.user === user && !letter.refused)
  if (!mine.length) return
  try {
    const session = await call<Session>('GET', '/session')
    if (session.user.username !== user) return
    keepCsrf(session.csrf ?? '')
    for (const letter of mine) await sendOne(letter, told)
  } catch {
    // Still away, or signed out: it waits on.
  }
}

/** Sends one; raises when the others need not be tried now. */
async function sendOne(letter: Letter, told: (letter: Letter, number: string) => void): Promise<void> {
  try {
    if (letter.uploadedAt && Date.now() - letter.uploadedAt > FILES_LAST) for (const one of letter.files) delete one.sent
    for (const one of letter.files) {
      if (one.sent) continue
      one.sent = (await upload(one.file, () => undefined)).id
      letter.uploadedAt = Date.now()
      await putOut(letter)
    }
    const ticket = await call<Ticket>('POST', '/tickets', { body: withFiles(letter), key: letter.id })
    await takeBack(letter.id)
    told(letter, ticket.number)
  } catch (error) {
    const problem = asProblem(error)
    if (mayPass(problem)) throw error
    await putOut({ ...letter, refused: [problem.message, ...problem.errors.map((one) => one.detail)].join(' ') })
  }
}

const mayPass = ({ status }: Problem) => status === 0 || status === 401 || status === 408 || status === 429 || status >= 500

function withFiles({ body, files }: Letter): Letter['body'] {
  const values = { ...body.values }
  for (const { field, many, sent } of files) {
    const before = values[field]
    values[field] = many ? [...(Array.isArray(before) ? (before as unknown[]) : []), sent] : sent
  }
  return { ...body, values }
}
