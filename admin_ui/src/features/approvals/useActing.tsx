// Doing something at an approval: what was written so far, what the server had against it, and the way back.
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useRef, useState } from 'react'
import { act, type Ledger, type Request } from '../../api/approvals'
import { asProblem, newKey, type Problem } from '../../api/client'
import { ticketChanged, useMe } from '../../api/queries'
import { known, t } from '../../i18n/t'
import { isVoteBack } from './words'

const UNDO_SECONDS = 8

/** Tells that it is done; a vote that can still be taken back says so. */
export function useTold(): (ledger: Ledger, action: string) => void {
  const client = useQueryClient()
  const { user } = useMe()
  const { message } = App.useApp()
  return (ledger, action) => {
    const key = `${ledger.task}.${action}`
    const undo = async () => {
      message.destroy(key)
      try {
        await act(ledger.task, { action: 'withdraw' })
        void message.success(t('approvals.did.withdraw'))
      } catch (error) {
        void message.error(asProblem(error).message)
      }
      await ticketChanged(client, ledger.ticket)
    }
    const back = ['agree', 'reject'].includes(action) && isVoteBack(ledger, user.username)
    void message.success({
      key,
      duration: back ? UNDO_SECONDS : undefined,
      content: (
        <>
          {known(`approvals.did.${action}`) ?? action}
          {back && (
            <button type="button" className="link undo" onClick={() => void undo()}>
              {t('approvals.undo')}
            </button>
          )}
        </>
      ),
    })
  }
}

export interface Acting {
  busy: string | null
  wrong: string | null
  /** By the first part of the pointer: comment, users, target, mode, signature. */
  errors: Record<string, string>
  clear: () => void
  say: (wrong: string) => void
  /** True when it was done. */
  run: (request: Request) => Promise<boolean>
}

const PLACES = ['comment', 'users', 'target', 'mode', 'signature']

/** `place` puts errors of the form at its fields and says whether it could. */
export function useActing(ledger: Pick<Ledger, 'task' | 'ticket'>, place: (problem: Problem) => boolean = () => false): Acting {
  const client = useQueryClient()
  const told = useTold()
  const [busy, setBusy] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const key = useRef({ key: newKey(), sent: '' })
  const clear = () => {
    setWrong(null)
    setErrors({})
  }
  const refuse = (problem: Problem) => {
    const found: Record<string, string> = {}
    for (const { pointer, detail } of problem.errors) {
      const name = pointer.split('/')[1] ?? ''
      if (PLACES.includes(name)) found[name] = found[name] ? `${found[name]} ${detail}` : detail
    }
    setErrors(found)
    const placed = problem.errors.length > 0 && problem.errors.every(({ pointer }) => (pointer.split('/')[1] ?? '') in found)
    if (!placed) setWrong(place(problem) ? problem.title : [problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
  }
  const run = async (request: Request) => {
    if (busy) return false
    setBusy(request.action)
    clear()
    const sent = JSON.stringify(request)
    if (key.current.sent !== sent) key.current = { key: newKey(), sent }
    try {
      const now = await act(ledger.task, request, key.current.key)
      key.current = { key: newKey(), sent: '' }
      told(now, request.action)
      await ticketChanged(client, ledger.ticket)
      return true
    } catch (error) {
      const problem = asProblem(error)
      refuse(problem)
      if ([403, 404, 409, 412].includes(problem.status)) void ticketChanged(client, ledger.ticket)
      return false
    } finally {
      setBusy(null)
    }
  }
  return { busy, wrong, errors, clear, say: setWrong, run }
}
