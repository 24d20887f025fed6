// The reader's approvals on the working side.
import { t } from '../../i18n/t'
import { Bar } from '../../ui/Frame'
import { ApprovalList } from './List'

export default function Approvals() {
  return (
    <div className="page">
      <Bar title={<h1>{t('approvals.nav')}</h1>} />
      <ApprovalList />
    </div>
  )
}
