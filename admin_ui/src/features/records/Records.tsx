// Customers, contracts, assets and places.
import { Button, Dropdown, Tabs } from 'antd'
import { Download, Printer, Upload } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { exportUrl, type Plural, type RecordRow } from '../../api/records'
import { useMe } from '../../api/queries'
import { t } from '../../i18n/t'
import { icon14 } from '../../ui/bits'
import { Bar, PlusIcon } from '../../ui/Frame'
import { EditRecord } from './EditRecord'
import { ImportBox } from './ImportBox'
import { KINDS } from './kinds'
import { PrintLabels } from './PrintLabels'
import { RecordList } from './RecordList'
import './records.css'

const SHOWN: Plural[] = ['customers', 'contracts', 'assets', 'places']

export default function Records() {
  const [search, setSearch] = useSearchParams()
  const plural = SHOWN.find((one) => one === search.get('show')) ?? 'customers'
  const kind = KINDS[plural]
  const manages = useMe().permissions.includes('manage_records')
  const [editing, setEditing] = useState<{ of: RecordRow | null } | null>(null)
  const [importing, setImporting] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const [printing, setPrinting] = useState(false)
  const show = (next: string) => {
    setChosen([])
    setSearch({ show: next }, { replace: true })
  }
  return (
    <>
      <Bar
        title={<h1>{t('records.title')}</h1>}
        tools={
          manages && (
            <Button type="primary" size="small" icon={<PlusIcon />} onClick={() => setEditing({ of: null })}>
              {t(`records.new.${kind.kind}`)}
            </Button>
          )
        }
      />
      <div className="page" tabIndex={0} role="region" aria-label={t('records.title')}>
        <div className="page-inner">
          <Tabs activeKey={plural} onChange={show} items={SHOWN.map((one) => ({ key: one, label: t(`records.many.${one}`) }))} />
          <div className="record-tools">
            {manages && (
              <Button size="small" icon={<Upload {...icon14} />} onClick={() => setImporting(true)}>
                {t('records.import')}
              </Button>
            )}
            <Dropdown
              menu={{
                items: (['xlsx', 'csv'] as const).map((format) => ({
                  key: format,
                  label: (
                    <a href={exportUrl(plural, format)} download>
                      {t(`records.as.${format}`)}
                    </a>
                  ),
                })),
              }}
              trigger={['click']}
            >
              <Button size="small" icon={<Download {...icon14} />}>
                {t('records.export')}
              </Button>
            </Dropdown>
            {plural === 'assets' && (
              <Button size="small" icon={<Printer {...icon14} />} disabled={!chosen.length} onClick={() => setPrinting(true)}>
                {t('records.print')}
              </Button>
            )}
          </div>
          <RecordList key={plural} kind={kind} edit={(of) => manages && setEditing({ of })} {...(plural === 'assets' ? { chosen, choose: setChosen } : {})} />
        </div>
      </div>
      {editing && <EditRecord kind={kind} of={editing.of} close={() => setEditing(null)} />}
      {importing && <ImportBox kind={kind} close={() => setImporting(false)} />}
      {printing && <PrintLabels numbers={chosen} close={() => setPrinting(false)} />}
    </>
  )
}
