// The reader's approvals in the portal, for people who have no desk.
import { t } from '../../i18n/t'
import { ApprovalList } from './List'

export default function PortalApprovals() {
  return (
    <main className="portal-main">
      <h1 className="portal-approvals">{t('approvals.nav')}</h1>
      <ApprovalList />
    </main>
  )
}
