// The one door to the server: JSON calls, uploads, and its problems as errors.
import { language, t } from '../i18n/t'
import type { Finding, StoredFile } from './types'

const BASE = '/api/v1'
let csrf = ''

/** Keeps the token that the server wants back on every write. */
export const keepCsrf = (token: string): void => void (csrf = token)

export interface FieldProblem {
  pointer: string
  code: string
  detail: string
}

/** What the server (or the network) had against a call, in words for the reader. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly errors: FieldProblem[] = [],
    readonly findings: Finding[] = [],
  ) {
    super(detail)
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>
export interface Call {
  query?: Query
  body?: unknown
  form?: FormData
  text?: string // a document, sent as it is
  match?: string | null // If-Match with this entity tag; 'new': only when there is none yet
  key?: string // Idempotency-Key
  signal?: AbortSignal
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'browser', t('problem.browser'), t('problem.browser'))

export const url = (path: string, query: Query = {}): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  const text = search.toString()
  return BASE + path + (text ? '?' + text : '')
}

const headers = (method: string, key?: string): Record<string, string> => ({
  Accept: 'application/json',
  'Accept-Language': language(),
  ...(method !== 'GET' && csrf ? { 'X-CSRF-Token': csrf } : {}),
  ...(key ? { 'Idempotency-Key': key } : {}),
})

/** One call; the answer's JSON, or a Problem. */
export async function call<T>(method: string, path: string, what: Call = {}): Promise<T> {
  const response = await ask(method, path, what)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** A document as text with its entity tag, which a later write gives back (`match`). */
export async function exchange(method: string, path: string, what: Call = {}): Promise<{ text: string; etag: string | null }> {
  const response = await ask(method, path, what)
  return { text: await response.text(), etag: response.headers.get('ETag') }
}

async function ask(method: string, path: string, what: Call, again = false): Promise<Response> {
  const { query, body, form, text, match, key, signal } = what
  let response: Response
  try {
    response = await fetch(url(path, query), {
      method,
      headers: {
        ...headers(method, key),
        ...(body !== undefined ? { 'Content-Type': 'application/json' } : text !== undefined ? { 'Content-Type': 'application/octet-stream' } : {}),
        ...(match === 'new' ? { 'If-None-Match': '*' } : match ? { 'If-Match': match } : {}),
      },
      body: form ?? text ?? (body === undefined ? undefined : JSON.stringify(body)),
      credentials: 'same-origin',
      signal,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw offline()
  }
  if (response.ok) return response
  const refused = problem(response.status, await response.text())
  if (refused.code !== 'csrf-failed' || again) throw refused
  // Signed in anew in another tab, or no longer: the session says which.
  await askCsrf()
  return ask(method, path, what, true)
}

const askCsrf = async () => void (csrf = (await call<{ csrf: string | null }>('GET', '/session')).csrf ?? '')

const offline = () => new Problem(0, 'offline', t('problem.offline'), t('problem.offline'))

function problem(status: number, text: string): Problem {
  let said: Record<string, unknown> = {}
  try {
    said = JSON.parse(text) as Record<string, unknown>
  } catch {
    // A proxy in between may answer with anything.
  }
  if (status === 401) signedOut.forEach((listener) => listener())
  const title = typeof said.title === 'string' ? said.title : t('problem.server')
  return new Problem(
    status,
    typeof said.code === 'string' ? said.code : 'unknown',
    title,
    typeof said.detail === 'string' && said.detail ? said.detail : title,
    Array.isArray(said.errors) ? (said.errors as FieldProblem[]) : [],
    Array.isArray(said.findings) ? (said.findings as Finding[]) : [],
  )
}

const signedOut = new Set<() => void>()

/** Calls back whenever the server says that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener)
  return () => void signedOut.delete(listener)
}

/** Sends one file and tells how far it is (0 to 1). */
export async function upload(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<StoredFile> {
  try {
    return await uploadOnce(file, progress, signal)
  } catch (error) {
    if (asProblem(error).code !== 'csrf-failed') throw error
    await askCsrf()
    return uploadOnce(file, progress, signal)
  }
}

function uploadOnce(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url('/files'))
    for (const [name, value] of Object.entries(headers('POST', newKey()))) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(offline())
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as StoredFile)
      else reject(problem(request.status, request.responseText))
    }
    signal?.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}

export const fileUrl = (id: string): string => url('/files/' + encodeURIComponent(id))

/** A fresh Idempotency-Key. */
export function newKey(): string {
  // crypto.randomUUID exists on secure pages only, and a house network may be plain HTTP.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
