// Says that a newer release is there; drafts are kept when it is taken.
import { Button } from 'antd'
import { t } from '../../i18n/t'
import { update, useNewRelease } from './installed'

export function NewRelease() {
  if (!useNewRelease()) return null
  return (
    <div className="new-release tone-brand" role="status">
      <span className="t13 grow">{t('portal.newRelease')}</span>
      <Button onClick={update}>{t('portal.reload')}</Button>
    </div>
  )
}
