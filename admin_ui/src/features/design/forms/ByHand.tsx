// A file that is no form (yet): its text, to be put right by hand.
import { Input } from 'antd'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'

export function ByHand({ text, wrong, onChange }: { text: string; wrong: string | null; onChange: (text: string) => void }) {
  return (
    <div className="page">
      <div className="page-inner">
        <Remark tone="red">{wrong ? t('formDesigner.notJson', { reason: wrong }) : t('formDesigner.notAForm')}</Remark>
        <Input.TextArea className="cond-text" aria-label={t('formDesigner.text')} autoSize={{ minRows: 12, maxRows: 30 }} value={text} onChange={(event) => onChange(event.target.value)} />
      </div>
    </div>
  )
}
