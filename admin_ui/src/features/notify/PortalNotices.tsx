// The inbox in the portal.
import { t } from '../../i18n/t'
import { Notices } from './Notices'

export default function PortalNotices() {
  return (
    <main className="portal-main narrow col g16 notices">
      <h1>{t('notify.title')}</h1>
      <Notices ticketAt={(number) => `/p/tickets/${encodeURIComponent(number)}`} />
    </main>
  )
}
