// One ticket type: its draft in the process designer, or its versions where nothing is being edited.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Pencil } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { asProblem } from '../../api/client'
import { beginDraft, draftChanged, useDraft } from '../../api/drafts'
import { useMe, useVersions } from '../../api/queries'
import { t } from '../../i18n/t'
import { icon14, Loading } from '../../ui/bits'
import { TypeTabs } from './TypeTabs'
import { VersionView } from './VersionView'

const ProcessDesigner = lazy(() => import('./process/ProcessDesigner'))

export default function OneType() {
  const { key = '' } = useParams()
  const [search] = useSearchParams()
  const { permissions } = useMe()
  if (!permissions.includes('edit_drafts')) return <VersionView />
  return <Editable key={key} typeKey={key} version={search.get('version')} />
}

function Editable({ typeKey, version }: { typeKey: string; version: string | null }) {
  const draft = useDraft(typeKey)
  const none = !draft.data && !!draft.error
  if (!none && !version)
    return (
      <div className="pd-page">
        <TypeTabs typeKey={typeKey} on="process" />
        <Suspense fallback={<Loading />}>{draft.data ? <ProcessDesigner typeKey={typeKey} /> : <Loading />}</Suspense>
      </div>
    )
  return (
    <div className="pd-page">
      <TypeTabs typeKey={typeKey} on="process" />
      <VersionView edit={none ? <Begin typeKey={typeKey} version={version} /> : <Link className="ant-link-button" to={`/design/${encodeURIComponent(typeKey)}`}><Pencil {...icon14} />{t('designer.toDraft')}</Link>} />
    </div>
  )
}

/** A draft begins from the version that is shown. */
function Begin({ typeKey, version }: { typeKey: string; version: string | null }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const versions = useVersions(typeKey)
  const from = Number(version) || versions.data?.items[0]?.version
  const begin = () =>
    beginDraft(typeKey, from!).then(
      () => draftChanged(client, typeKey),
      (error: unknown) => message.error(asProblem(error).message),
    )
  return (
    <Button type="primary" size="small" icon={<Pencil {...icon14} />} disabled={!from} onClick={() => void begin()}>
      {t('designer.edit')}
    </Button>
  )
}
