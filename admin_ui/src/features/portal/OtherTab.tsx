// Says that the same draft is open in another tab, before the two overwrite each other.
import { Button } from 'antd'
import { t } from '../../i18n/t'
import { Remark } from '../../ui/bits'
import { useOtherTab } from './useOtherTab'

export function OtherTab({ draft }: { draft: string }) {
  const other = useOtherTab(draft)
  if (other === 'open') return <Remark tone="amber">{t('portal.otherOpen')}</Remark>
  if (other === 'sent') return <Remark tone="amber">{t('portal.otherSent')}</Remark>
  if (other !== 'changed') return null
  return (
    <Remark tone="amber">
      <span className="row apart g8 wrap">
        {t('portal.otherChanged')}
        <Button size="small" onClick={() => location.reload()}>
          {t('portal.useOther')}
        </Button>
      </span>
    </Remark>
  )
}
