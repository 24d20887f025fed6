// The rating on a ticket's own page: asked for once it is done, shown once it is given.
import { useQueryClient } from '@tanstack/react-query'
import { ticketChanged } from '../../api/queries'
import { rate, useRating } from '../../api/ratings'
import type { Ticket } from '../../api/types'
import { t } from '../../i18n/t'
import { Rated, RatingForm } from './RatingForm'

export function TicketRating({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const { category } = ticket.status
  const { data } = useRating(ticket.number, category === 'resolved' || category === 'closed')
  // While something is wanted of the requester (does it work again?), that comes first.
  if (!data || (data.score === null && (!data.may_rate || category !== 'closed'))) return null
  return (
    <section className="card p16 col g12" aria-labelledby="rating">
      <h2 id="rating" className="aside-title">
        {data.score === null ? t('portal.howWasIt') : t('portal.yourRating')}
      </h2>
      {data.score === null ? <RatingForm give={(given) => rate(ticket.number, given).then(() => ticketChanged(client, ticket.number))} /> : <Rated rating={data} />}
    </section>
  )
}
