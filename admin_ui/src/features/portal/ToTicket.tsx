// `/tickets/…`, the address in messages: the ticket at work for those who work, else in the portal.
import { Navigate, useParams } from 'react-router'
import { useMe } from '../../api/queries'
import { worksHere } from '../../ui/menu'

export default function ToTicket() {
  const { number = '' } = useParams()
  const { user } = useMe()
  return <Navigate to={(worksHere(user.roles) ? '/work/' : '/p/tickets/') + encodeURIComponent(number)} replace />
}
