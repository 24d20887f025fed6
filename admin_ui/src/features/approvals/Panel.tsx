// What an action wants before it is done: people, a way, a step to return to, an opinion, a signature.
import { Button, Checkbox, Input, Radio, Segmented } from 'antd'
import { lazy, Suspense, useId, useState, type ReactNode } from 'react'
import type { Ledger, Request } from '../../api/approvals'
import { useMe } from '../../api/queries'
import { known, t } from '../../i18n/t'
import { Loading, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { PeoplePicker } from './PeoplePicker'
import type { Acting } from './useActing'
import { isVoteBack, seatName } from './words'

const Signature = lazy(() => import('../../form/controls/Signature'))

const ONE = ['transfer', 'delegate']
const SEVERAL = ['add_before', 'add_after', 'add_parallel', 'consult', 'cc']
const WITH_MODE = ['add_before', 'add_after']
const MODES = ['all', 'any', 'sequential'] as const
const WAYS = ['walk_again', 'straight_back'] as const
const GRAVE = ['reject', 'withdraw', 'remove']

/** An action that has been chosen; `seat` is somebody else's that an administrator moves. */
export interface Chosen {
  action: string
  seat?: string
}

interface Props {
  ledger: Ledger
  chosen: Chosen
  comment: string
  setComment: (text: string) => void
  acting: Acting
  send: (request: Request) => Promise<void>
  close: () => void
}

export function Panel({ ledger, chosen, comment, setComment, acting, send, close }: Props) {
  const { action } = chosen
  const { user } = useMe()
  const phone = usePhone()
  const [users, setUsers] = useState<string[]>([])
  const [mode, setMode] = useState<string>('all')
  const [target, setTarget] = useState<string | undefined>(ledger.targets.length === 1 ? ledger.targets[0]!.element : undefined)
  const [resubmit, setResubmit] = useState(ledger.resubmit)
  const [signature, setSignature] = useState<string | null>(null)
  const label = known(`approvals.act.${action}`) ?? action
  const { errors } = acting
  const named = [...ONE, ...SEVERAL].includes(action)
  const decides = ['agree', 'reject', 'return', 'add_after'].includes(action)
  const signs = ['agree', 'reject'].includes(action) && ledger.asks.signature
  const removable = ledger.rounds.flatMap((round) => round.seats).filter((seat) => seat.may.includes('remove'))
  const what = action === 'withdraw' ? (isVoteBack(ledger, user.username) ? t('approvals.what.withdrawVote') : t('approvals.what.withdraw')) : known(`approvals.what.${action}`)
  const request: Request = {
    action,
    ...(comment.trim() && { comment: comment.trim() }),
    ...((named || action === 'remove') && { users }),
    ...(WITH_MODE.includes(action) && users.length > 1 && { mode }),
    ...(action === 'return' && { resubmit, ...(target && { target }) }),
    ...(signs && signature && { signature }),
    ...(chosen.seat && { seat: chosen.seat }),
  }
  return (
    <form
      className="approval-panel"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void send(request)
      }}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      {!phone && <h3 className="t14">{label}</h3>}
      {what && <p className="t13 ink2">{what}</p>}
      {acting.wrong && <Remark tone="red">{acting.wrong}</Remark>}
      {named && (
        <Part label={t('approvals.whom')} error={errors.users}>
          <PeoplePicker value={users} onChange={setUsers} most={ONE.includes(action) ? 1 : undefined} label={t('approvals.find')} wrong={!!errors.users} phone={phone} />
        </Part>
      )}
      {WITH_MODE.includes(action) && users.length > 1 && (
        <Part label={t('approvals.how')} error={errors.mode}>
          <Segmented block value={mode} onChange={setMode} aria-label={t('approvals.how')} options={MODES.map((value) => ({ value, label: known(`approvals.mode.${value}`) ?? value }))} />
        </Part>
      )}
      {action === 'remove' && (
        <Part label={t('approvals.whom')} error={errors.users}>
          <Checkbox.Group
            className="choices"
            value={users}
            onChange={setUsers}
            options={removable.map((seat) => ({ value: seat.person, label: seatName(seat) }))}
          />
        </Part>
      )}
      {action === 'return' && (
        <>
          <Part label={t('approvals.target')} error={errors.target}>
            <Radio.Group className="choices" value={target} onChange={(event) => setTarget(event.target.value as string)} options={ledger.targets.map(({ element, name }) => ({ value: element, label: name }))} />
          </Part>
          <Part label={t('approvals.resubmit')}>
            <Radio.Group className="choices" value={resubmit} onChange={(event) => setResubmit(event.target.value as string)} options={WAYS.map((value) => ({ value, label: known(`approvals.resubmit.${value}`) ?? value }))} />
          </Part>
        </>
      )}
      {action !== 'withdraw' && action !== 'remove' && (
        <Opinion value={comment} onChange={setComment} must={decides && ledger.asks.opinion} error={errors.comment} focus={decides} />
      )}
      {signs && (
        <Part label={t('approvals.signature')} error={errors.signature}>
          <Suspense fallback={<Loading lines={2} />}>
            <Signature
              field={{ key: 'signature', kind: 'signature' }}
              state={{ shown: true, required: true, readOnly: false, options: [] }}
              id={`sign-${ledger.task}`}
              labelId={`sign-${ledger.task}`}
              value={signature}
              onChange={(id) => setSignature(id as string | null)}
              invalid={!!errors.signature}
              phone={phone}
              dense={!phone}
            />
          </Suspense>
        </Part>
      )}
      <div className="row g8 panel-buttons">
        <Button type={GRAVE.includes(action) ? 'default' : 'primary'} danger={GRAVE.includes(action)} htmlType="submit" size={phone ? 'large' : 'middle'} loading={acting.busy === action} data-confirm>
          {acting.busy === action ? t('state.sending') : t('approvals.confirm', { action: label })}
        </Button>
        <Button type="text" size={phone ? 'large' : 'middle'} onClick={close}>
          {t('do.cancel')}
        </Button>
      </div>
    </form>
  )
}

export function Opinion({ value, onChange, must, error, focus, rows = 2, onEnter }: { value: string; onChange: (text: string) => void; must?: boolean; error?: string; focus?: boolean; rows?: number; onEnter?: () => void }) {
  const id = useId()
  return (
    <div className="col g4">
      <Input.TextArea
        aria-label={t('approvals.opinion')}
        aria-required={must}
        aria-invalid={!!error || undefined}
        aria-describedby={error ? id : undefined}
        status={error ? 'error' : undefined}
        placeholder={must ? t('approvals.opinionMust') : t('approvals.opinionMay')}
        autoSize={{ minRows: rows, maxRows: 6 }}
        maxLength={2000}
        value={value}
        autoFocus={focus}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (onEnter && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onEnter()
        }}
      />
      {error && (
        <span id={id} className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}

function Part({ label, error, children }: { label: string; error?: string; children: ReactNode }) {
  const id = useId()
  return (
    <div className="col g4" role="group" aria-labelledby={id}>
      <span id={id} className="cap">
        {label}
      </span>
      {children}
      {error && (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
