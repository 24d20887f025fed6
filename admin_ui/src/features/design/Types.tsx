// The ticket types that are deployed, and those that are still being made.
import { Button } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useDrafts } from '../../api/design'
import { useMe, useProcesses } from '../../api/queries'
import { t, words } from '../../i18n/t'
import { Chip, Empty, Failed, icon14, Loading } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { when } from '../../ui/time'
import './design.css'
import { NewTypeBox } from './NewTypeBox'
import { Upload } from './Upload'

export default function Types() {
  const { permissions } = useMe()
  const { data, error, refetch } = useProcesses()
  const mayDeploy = permissions.includes('deploy')
  const mayEdit = permissions.includes('edit_drafts')
  const drafts = useDrafts(mayEdit)
  const [making, setMaking] = useState(false)
  const fresh = drafts.data?.items.filter((draft) => !data?.items.some((process) => process.key === draft.key)) ?? []
  const taken = [...(data?.items ?? []), ...fresh].map((one) => one.key)
  return (
    <>
      <Bar
        title={<h1>{t('nav.design')}</h1>}
        tools={
          <>
            {mayDeploy && <Upload />}
            {mayEdit && (
              <Button type="primary" size="small" icon={<Plus {...icon14} />} onClick={() => setMaking(true)}>
                {t('designer.newType')}
              </Button>
            )}
          </>
        }
      />
      {making && <NewTypeBox taken={taken} close={() => setMaking(false)} />}
      <div className="page" tabIndex={0} role="region" aria-label={t('nav.design')}>
        <div className="page-inner">
          {error ? (
            <Failed error={error} again={() => void refetch()} />
          ) : !data ? (
            <Loading />
          ) : !data.items.length && !fresh.length ? (
            <div className="card">
              <Empty title={t('design.none')} text={mayDeploy ? t('design.noneWhat') : undefined} />
            </div>
          ) : (
            <div className="card">
              <table className="table cards">
                <thead>
                  <tr>
                    <th>{t('design.type')}</th>
                    <th>{t('design.newest')}</th>
                    <th>{t('design.since')}</th>
                  </tr>
                </thead>
                <tbody>
                  {fresh.map((draft) => (
                    <tr key={draft.key}>
                      <td>
                        <Link to={`/design/${encodeURIComponent(draft.key)}`}>{draft.key}</Link>
                      </td>
                      <td data-label={t('design.newest')}>
                        <Chip line>{t('designer.notYet')}</Chip>
                      </td>
                      <td data-label={t('design.since')}>{when(draft.updated_at)}</td>
                    </tr>
                  ))}
                  {data.items.map((process) => (
                    <tr key={process.key}>
                      <td>
                        <Link to={`/design/${encodeURIComponent(process.key)}`}>{words(process.name)}</Link>
                      </td>
                      <td data-label={t('design.newest')}>
                        <span className="row g6">
                          <Chip>{`v${process.latest}`}</Chip>
                          {process.open === null && <Chip tone="amber">{t('design.retired')}</Chip>}
                          {process.has_draft && <Chip line>{t('design.draft')}</Chip>}
                        </span>
                      </td>
                      <td data-label={t('design.since')}>{when(process.created_at)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      </div>
    </>
  )
}
