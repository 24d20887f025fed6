// An approval in a list; where nothing but yes or no is asked, it is answered right here in two taps.
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Box, Row } from '../../api/approvals'
import { known, t } from '../../i18n/t'
import { Chip, Name, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'
import { PriorityMark, StatusShape } from '../../ui/shapes'
import { shortWhen, when } from '../../ui/time'
import { Opinion } from './Panel'
import { useActing } from './useActing'
import { outcomeLook, outcomeWord } from './words'

interface Props {
  row: Row
  box: Box
  base: string
  checked: boolean
  check: (on: boolean) => void
  refused?: string
}

export function ApprovalRow({ row, box, base, checked, check, refused }: Props) {
  const phone = usePhone()
  const acting = useActing({ task: row.task, ticket: row.ticket })
  const [asked, ask] = useState<'agree' | 'reject' | null>(null)
  const [comment, setComment] = useState('')
  const todo = box === 'todo'
  const quick = todo && !row.asks.form && !row.asks.signature
  const look = outcomeLook(row.outcome)
  const send = async () => {
    if (asked && (await acting.run({ action: asked, ...(comment.trim() && { comment: comment.trim() }) }))) ask(null)
  }
  const close = () => {
    ask(null)
    acting.clear()
  }
  const size = phone ? 'large' : 'small'
  return (
    <li className="approval-row" data-task={row.task}>
      <div className="row g12 top">
        {todo && <Checkbox className="approval-check" checked={checked} onChange={(event) => check(event.target.checked)} aria-label={t('approvals.choose', { title: row.title })} />}
        <Link to={`${base}/${row.task}`} className="col grow g4 approval-link" data-open>
          <span className="row g8">
            <PriorityMark of={row.priority} />
            <b className="cut">{row.title}</b>
            {box === 'copied' && !row.read_at && <Chip tone="brand">{t('approvals.unread')}</Chip>}
          </span>
          <span className="row g8 wrap cap">
            <span>{row.type_name}</span>
            <span>{row.name}</span>
            <span>{row.requester_name ?? row.requester}</span>
            {box === 'copied' && row.sent_by && (
              <span>
                {t('approvals.sentBy')} <Name of={row.sent_by} />
              </span>
            )}
            <time dateTime={row.at}>{shortWhen(row.at)}</time>
            {todo && row.due && <span className="fg tone-amber">{t('ticket.due', { at: when(row.due) })}</span>}
          </span>
        </Link>
        {!todo && (
          <span className={`mark tone-${look.tone}`}>
            <StatusShape category={look.shape} />
            <span className="fg">{box === 'done' && row.mine ? (known(`approvals.seat.${row.mine}`) ?? row.mine) : outcomeWord(row.outcome)}</span>
          </span>
        )}
        {!phone && todo && !asked && <RowHands quick={quick} open={`${base}/${row.task}`} ask={ask} size={size} />}
      </div>
      {phone && todo && !asked && <RowHands quick={quick} open={`${base}/${row.task}`} ask={ask} size={size} />}
      {asked && (
        <form
          className="approval-answer"
          aria-label={known(`approvals.act.${asked}`) ?? asked}
          onSubmit={(event) => {
            event.preventDefault()
            void send()
          }}
          onKeyDown={(event) => event.key === 'Escape' && close()}
        >
          <Opinion value={comment} onChange={setComment} must={row.asks.opinion} error={acting.errors.comment} focus={!phone} rows={1} onEnter={() => void send()} />
          <div className="row g8">
            <Button htmlType="submit" size={size} type={asked === 'agree' ? 'primary' : 'default'} danger={asked === 'reject'} loading={acting.busy !== null} data-confirm>
              {t('approvals.confirm', { action: known(`approvals.act.${asked}`) ?? asked })}
            </Button>
            <Button type="text" size={size} onClick={close}>
              {t('do.cancel')}
            </Button>
          </div>
        </form>
      )}
      {(acting.wrong ?? refused) && <Remark tone="red">{acting.wrong ?? refused}</Remark>}
    </li>
  )
}

function RowHands({ quick, open, ask, size }: { quick: boolean; open: string; ask: (action: 'agree' | 'reject') => void; size: 'large' | 'small' }) {
  if (!quick)
    return (
      <div className="row g8 row-hands">
        <Link to={open} className="t13">
          {t('approvals.openToFill')}
        </Link>
      </div>
    )
  return (
    <div className="row g8 row-hands">
      <Button size={size} onClick={() => ask('agree')}>
        {t('approvals.act.agree')}
      </Button>
      <Button size={size} type="text" danger onClick={() => ask('reject')}>
        {t('approvals.act.reject')}
      </Button>
    </div>
  )
}
