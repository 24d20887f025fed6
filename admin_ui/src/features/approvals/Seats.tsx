// The people of a round: what each has said, for whom he stands in, whom he has asked beside himself.
import { useMemo } from 'react'
import type { Ledger, Round, Seat } from '../../api/approvals'
import { fileUrl } from '../../api/client'
import { useMe } from '../../api/queries'
import { known, t } from '../../i18n/t'
import { Avatar, Chip } from '../../ui/bits'
import { StatusShape } from '../../ui/shapes'
import { since, when } from '../../ui/time'
import type { Chosen } from './Panel'
import { modeWord, nameIn, outcomeLook, seatLook, seatName, seatWord } from './words'

interface Props {
  ledger: Ledger
  round: Round
  choose?: (chosen: Chosen) => void
}

export function Seats({ ledger, round, choose }: Props) {
  const own = useMemo(() => round.seats.filter((seat) => !seat.for_seat), [round])
  return (
    <ul className="seats">
      {own.map((seat) => (
        <Shown key={seat.id} ledger={ledger} round={round} seat={seat} choose={choose} />
      ))}
    </ul>
  )
}

function Shown({ ledger, round, seat, choose }: Props & { seat: Seat }) {
  const { user } = useMe()
  const me = seat.person === user.username
  const turn = me && seat.state === 'open'
  const look = seatLook(seat)
  const beside = round.seats.filter((one) => one.for_seat === seat.id)
  const beneath = ledger.rounds.filter((one) => one.parent_seat === seat.id)
  const successor = round.seats.find((one) => one.id === seat.replaced_by)
  return (
    <li className="seat" data-state={seat.state} data-person={seat.person}>
      <span className={turn ? 'mine' : undefined}>
        <Avatar name={seat.person_name ?? seat.person} size={28} />
      </span>
      <div className="col grow g2">
        <div className="row g8 wrap">
          <b>{seatName(seat)}</b>
          {me && <span className="cap">{t('person.you')}</span>}
          {seat.kind !== 'approver' && <Chip>{known(`approvals.kind.${seat.kind}`) ?? seat.kind}</Chip>}
          {seat.weight > 1 && <Chip>{t('approvals.weight', { n: seat.weight })}</Chip>}
          <span className="grow" />
          <span className={`mark tone-${look.tone}`}>
            <StatusShape category={look.shape} />
            <span className="fg">{seatWord(seat, round, user.username)}</span>
          </span>
        </div>
        {seat.comment && <p className="t13 ink2 prose">{seat.comment}</p>}
        {seat.signature && <img className="signed" src={fileUrl(seat.signature)} alt={t('approvals.signedBy', { who: seat.person_name ?? seat.person })} />}
        {successor && <span className="cap">{t('approvals.movedTo', { who: successor.person_name ?? successor.person })}</span>}
        <span className="cap">{timeOf(seat)}</span>
        {seat.added_by && <span className="cap">{t('approvals.addedBy', { who: nameIn(ledger, seat.added_by) })}</span>}
        {choose && !me && seat.may.includes('transfer') && (
          <button type="button" className="link t12" onClick={() => choose({ action: 'transfer', seat: seat.id })}>
            {t('approvals.moveSeat')}
          </button>
        )}
        {beside.length > 0 && (
          <ul className="seats beside">
            {beside.map((one) => (
              <Shown key={one.id} ledger={ledger} round={round} seat={one} choose={choose} />
            ))}
          </ul>
        )}
        {beneath.map((one) => (
          <Added key={one.id} ledger={ledger} round={one} choose={choose} />
        ))}
      </div>
    </li>
  )
}

function timeOf(seat: Seat): string {
  if (seat.acted_at) return seat.state === 'skipped' || seat.state === 'removed' ? '' : when(seat.acted_at)
  if (seat.state === 'open' && seat.opened_at) return t('approvals.waits', { span: since(seat.opened_at) })
  return ''
}

/** A round that somebody has added at his seat. */
function Added({ ledger, round, choose }: Props) {
  const look = outcomeLook(round.outcome)
  return (
    <section className="added col g4" aria-label={known(`approvals.placement.${round.placement}`) ?? ''}>
      <div className="row g8 wrap">
        <b className="t13">{known(`approvals.placement.${round.placement}`)}</b>
        {round.seats.length > 1 && <Chip tone={look.tone}>{`${modeWord(round)} ${round.agreed}/${round.need}`}</Chip>}
      </div>
      <Seats ledger={ledger} round={round} choose={choose} />
    </section>
  )
}
