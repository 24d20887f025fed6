// The draft beside the version that runs: old above new at one place, and every change in words.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { useDraftDiff } from '../../../api/design'
import { readDraftFile } from '../../../api/drafts'
import { useProcesses, useVersion } from '../../../api/queries'
import Pair from '../../../bpmn/Pair'
import { t, words } from '../../../i18n/t'
import { Chip, Failed, Loading } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { badgesOf, tintsOf } from '../versions/changes'
import { partsOf } from '../versions/elements'
import '../versions/versions.css'
import { ChangeList } from './ChangeList'
import './process.css'

const DIAGRAM = 'process.bpmn'

export default function CompareDraft() {
  const { key = '' } = useParams()
  const processes = useProcesses()
  const name = words(processes.data?.items.find((one) => one.key === key)?.name) || key
  const diff = useDraftDiff(key)
  const version = diff.data?.version
  const old = useVersion(key, version)
  const draft = useQuery({ queryKey: ['drafts', key, 'compared', diff.dataUpdatedAt], queryFn: () => readDraftFile(key, DIAGRAM), enabled: !!diff.data, retry: false })
  const [before, after] = [old.data?.bpmn, draft.data?.text]
  const sides = useMemo(() => {
    const changes = (diff.data?.changes ?? []).filter((one) => one.document === DIAGRAM)
    return [before, after].map((xml, place) => {
      const tints = tintsOf(changes, place ? 'after' : 'before')
      return { tints, badges: badgesOf(tints, changes, partsOf(xml)) }
    })
  }, [diff.data, before, after])
  const error = diff.error ?? old.error ?? draft.error
  return (
    <>
      <Bar
        title={
          <>
            <Link to="/design" className="t13 nowrap">{t('nav.design')}</Link>
            <span className="ink3" aria-hidden>/</span>
            <Link to={`/design/${encodeURIComponent(key)}`} className="t13 nowrap">{name}</Link>
            <span className="ink3" aria-hidden>/</span>
            <h1 className="cut">{t('designer.compareTitle')}</h1>
          </>
        }
        tools={<Link className="ant-link-button" to={`/design/${encodeURIComponent(key)}`}>{t('designer.toDraft')}</Link>}
      />
      {error ? (
        <Failed error={error} again={() => void diff.refetch()} />
      ) : !before || !after || !diff.data ? (
        <Loading />
      ) : (
        <div className="versions pd-fill">
          <section className="versions-main" aria-label={t('designer.compareTitle')}>
            <Pair
              before={{ xml: before, label: `v${version}`, head: <><b>{`v${version}`}</b> <Chip tone="teal">{t('design.online')}</Chip></>, ...sides[0] }}
              after={{ xml: after, label: t('design.draft'), head: <b>{t('designer.draft')}</b>, ...sides[1] }}
              legend={
                <>
                  <span className="tone-teal fg">{t('versions.mark.added')}</span>
                  <span className="tone-red fg">{t('versions.mark.removed')}</span>
                  <span className="tone-amber fg">{t('versions.mark.changed')}</span>
                </>
              }
            />
          </section>
          <aside className="versions-side changes" tabIndex={0} role="region" aria-label={t('versions.whatChanged')}>
            <div className="pd-side-inner">
              <h2>{t('versions.whatChanged')}</h2>
              <ChangeList of={diff.data.changes} before={before} after={after} />
            </div>
          </aside>
        </div>
      )}
    </>
  )
}
