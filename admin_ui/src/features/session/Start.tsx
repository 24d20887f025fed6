// `/`: people who work on tickets begin at work, all others in the portal.
import { Navigate } from 'react-router'
import { useMe } from '../../api/queries'
import { worksHere } from '../../ui/menu'

export default function Start() {
  return <Navigate to={worksHere(useMe().user.roles) ? '/work' : '/p'} replace />
}
