// The inbox on the working side.
import { t } from '../../i18n/t'
import { Bar } from '../../ui/Frame'
import { Notices } from './Notices'

export default function WorkNotices() {
  return (
    <>
      <Bar title={<h1>{t('notify.title')}</h1>} />
      <div className="page" tabIndex={0} role="region" aria-label={t('notify.title')}>
        <div className="page-inner notices">
          <Notices ticketAt={(number) => `/work/${encodeURIComponent(number)}`} />
        </div>
      </div>
    </>
  )
}
