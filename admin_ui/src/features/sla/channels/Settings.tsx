// Settings of the installation: the ways out for notifications, and what could not be delivered.
import { Tabs } from 'antd'
import { useSearchParams } from 'react-router'
import { t } from '../../../i18n/t'
import { Bar } from '../../../ui/Frame'
import { Channels } from './Channels'
import { Deliveries } from './Deliveries'

export default function Settings() {
  const [search, setSearch] = useSearchParams()
  return (
    <>
      <Bar title={<h1>{t('sla.nav.settings')}</h1>} />
      <div className="page" tabIndex={0} role="region" aria-label={t('sla.nav.settings')}>
        <div className="page-inner">
          <Tabs
            activeKey={search.get('show') ?? 'channels'}
            onChange={(show) => setSearch({ show }, { replace: true })}
            items={[
              { key: 'channels', label: t('sla.channel.title'), children: <Channels /> },
              { key: 'deliveries', label: t('sla.channel.deliveries'), children: <Deliveries /> },
            ]}
          />
        </div>
      </div>
    </>
  )
}
