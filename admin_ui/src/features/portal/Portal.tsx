// The frame of the portal: a header on a desk, tabs at the thumb on a phone.
import { House, Stamp, Ticket, UserRound, type LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { Link, Outlet, useLocation, useMatch } from 'react-router'
import { useMe } from '../../api/queries'
import { t, type Key } from '../../i18n/t'
import { Avatar } from '../../ui/bits'
import { Logo } from '../../ui/mark'
import { PersonMenu, worksHere } from '../../ui/menu'
import { usePhone } from '../../ui/prefs'
import { Bell } from '../notify/Bell'
import { install } from './installed'
import { NewRelease } from './NewRelease'
import './portal.css'
import { useDelivery } from './useDelivery'

const places: { to: string; label: Key; icon: LucideIcon; phone?: boolean }[] = [
  { to: '/p', label: 'nav.home', icon: House },
  { to: '/p/tickets', label: 'nav.myTickets', icon: Ticket },
  { to: '/p/approvals', label: 'approvals.nav', icon: Stamp },
  { to: '/p/me', label: 'nav.account', icon: UserRound, phone: true },
]

export default function Portal() {
  const { user } = useMe()
  const { pathname } = useLocation()
  const phone = usePhone()
  const filling = useMatch('/p/new/:type')
  const ticket = useMatch('/p/tickets/:number')
  const approval = useMatch('/p/approvals/:task')
  const reading = ticket ?? approval
  useDelivery(user.username)
  useEffect(install, [])
  const here = (to: string) => (to === '/p' ? pathname === '/p' : pathname.startsWith(to))
  if (phone)
    return (
      <div className="phone" data-tabs={!(filling || reading) || undefined}>
        <NewRelease />
        <Outlet />
        {!(filling || reading) && (
          <nav className="tabs" aria-label={t('nav.main')}>
            {places.map(({ to, label, icon: Icon }) => (
              <Link key={to} to={to} aria-current={here(to) ? 'page' : undefined}>
                <Icon size={20} strokeWidth={1.6} aria-hidden />
                {t(label)}
              </Link>
            ))}
            <Bell to="/p/notices" className="" />
          </nav>
        )}
      </div>
    )
  return (
    <div className="portal">
      <header className="portal-head">
        <Link to="/p" aria-label={t('nav.home')}>
          <Logo />
        </Link>
        <nav className="row g4" aria-label={t('nav.main')}>
          {places
            .filter((place) => !place.phone)
            .map(({ to, label }) => (
              <Link key={to} to={to} className="portal-place" aria-current={here(to) ? 'page' : undefined}>
                {t(label)}
              </Link>
            ))}
        </nav>
        <span className="grow" />
        {worksHere(user.roles) && (
          <Link to="/work" className="t13 ink2">
            {t('nav.toWork')}
          </Link>
        )}
        <Bell to="/p/notices" className="portal-bell" />
        <PersonMenu portal>
          <button type="button" className="portal-me">
            <Avatar name={user.name} size={28} />
            <span className="t13">{user.name}</span>
          </button>
        </PersonMenu>
      </header>
      <NewRelease />
      <Outlet />
    </div>
  )
}
