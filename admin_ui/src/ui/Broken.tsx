// What a person sees when a page itself broke: words and a way on.
import { Button } from 'antd'
import { t } from '../i18n/t'
import { Empty } from './bits'

export function Broken() {
  return (
    <main className="card" style={{ margin: '15vh auto 0', maxWidth: 480 }}>
      <Empty title={t('problem.page')} text={t('problem.pageWhat')} action={<Button type="primary" onClick={() => location.assign('/')}>{t('do.home')}</Button>} />
    </main>
  )
}
