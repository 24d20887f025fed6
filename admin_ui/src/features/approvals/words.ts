// What the states of rounds and seats are called, and how they look: shape, tone and word together.
import type { Ledger, Round, Seat } from '../../api/approvals'
import type { Category } from '../../api/types'
import { known, t } from '../../i18n/t'
import type { ToneName } from '../../ui/bits'

interface Look {
  shape: Category
  tone: ToneName
}

const SEATS: Record<string, Look> = {
  waiting: { shape: 'new', tone: 'neutral' },
  open: { shape: 'open', tone: 'brand' },
  agreed: { shape: 'resolved', tone: 'teal' },
  rejected: { shape: 'cancelled', tone: 'red' },
  delegated: { shape: 'waiting', tone: 'amber' },
  transferred: { shape: 'closed', tone: 'neutral' },
  skipped: { shape: 'cancelled', tone: 'neutral' },
  removed: { shape: 'cancelled', tone: 'neutral' },
  expired: { shape: 'waiting', tone: 'red' },
}
const OUTCOMES: Record<string, Look> = {
  approved: { shape: 'closed', tone: 'teal' },
  rejected: { shape: 'cancelled', tone: 'red' },
  returned: { shape: 'waiting', tone: 'amber' },
  withdrawn: { shape: 'cancelled', tone: 'neutral' },
  expired: { shape: 'waiting', tone: 'red' },
}

export const seatLook = (seat: Seat): Look => (seat.mark === 'returned' ? OUTCOMES.returned : SEATS[seat.state]) ?? SEATS.waiting!

export const outcomeLook = (outcome: string | null | undefined): Look => (outcome ? OUTCOMES[outcome] : undefined) ?? SEATS.open!

export const outcomeWord = (outcome: string | null | undefined): string => (outcome ? (known(`approvals.outcome.${outcome}`) ?? outcome) : t('approvals.running'))

export function seatWord(seat: Seat, round: Round, me: string): string {
  if (seat.mark && seat.mark !== 'unclaimed') return known(`approvals.mark.${seat.mark}`) ?? seat.mark
  if (seat.state === 'open') return seat.person === me ? t('approvals.yourTurn') : t('approvals.seat.open')
  const decided = round.mode === 'any' ? round.seats.find((one) => one.state === 'agreed' || one.state === 'rejected') : undefined
  if (seat.state === 'skipped' && decided) return t('approvals.doneBy', { who: decided.person_name })
  return known(`approvals.seat.${seat.state}`) ?? seat.state
}

export const modeWord = (round: Round): string => {
  const [mode, number] = round.mode.split(':')
  return known(`approvals.mode.${mode}`, { n: number }) ?? round.mode
}

/** Who does it: the person, and for whom he stands in. */
export const seatName = (seat: Seat): string => {
  const who = seat.person_name ?? seat.person
  return seat.principal ? t('approvals.standsIn', { who, principal: seat.principal_name ?? seat.principal }) : who
}

export const nameIn = (ledger: Ledger, username: string): string => ledger.people?.[username] ?? username

export const mySeats = (ledger: Ledger, me: string): Seat[] => ledger.rounds.flatMap((round) => round.seats.filter((seat) => seat.person === me))

/** Whether `withdraw` would take back a vote; else it takes back the whole request. */
export const isVoteBack = (ledger: Ledger, me: string): boolean => mySeats(ledger, me).some((seat) => seat.may.includes('withdraw'))
