// The way to the inbox, with how much of it is unread.
import { Bell as BellIcon } from 'lucide-react'
import { Link, useLocation } from 'react-router'
import { useUnread } from '../../api/notices'
import { t } from '../../i18n/t'
import './notify.css'

const MOST = 99

export function Bell({ to, className }: { to: string; className: string }) {
  const { pathname } = useLocation()
  const unread = useUnread().data?.unread ?? 0
  return (
    <Link to={to} className={`${className} bell`} aria-current={pathname.startsWith(to) ? 'page' : undefined}>
      <BellIcon size={18} strokeWidth={1.6} aria-hidden />
      <span className="bell-name">{t('notify.title')}</span>
      {unread > 0 && (
        <>
          <span className="count hot" aria-hidden>
            {unread > MOST ? `${MOST}+` : unread}
          </span>
          <span className="unseen">{t('notify.unread', { n: unread })}</span>
        </>
      )}
    </Link>
  )
}
