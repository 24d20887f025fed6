// Running tickets to another version: where each would stand, what has no home yet, and then all at once.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { asProblem } from '../../../api/client'
import { useVersion } from '../../../api/queries'
import { migrate, usePreview, versionsChanged, type Plan } from '../../../api/versions'
import type { Badge } from '../../../bpmn/Diagram'
import Pair from '../../../bpmn/Pair'
import type { Tints } from '../../../bpmn/tints'
import { t } from '../../../i18n/t'
import { Empty, Failed, Loading, Remark } from '../../../ui/bits'
import { Head } from './Compare'
import { partsOf } from './elements'
import { Mapping } from './Mapping'
import { homeless, standing, verdicts } from './moving'
import { Verdicts } from './Verdicts'

export default function Move({ typeKey, from, to }: { typeKey: string; from: number; to: number }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const old = useVersion(typeKey, from)
  const now = useVersion(typeKey, to)
  const [plan, setPlan] = useState<Plan>({ key: typeKey, from, to, map: {}, statuses: {} })
  const preview = usePreview(plan)
  const [picked, setPicked] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const before = useMemo(() => partsOf(old.data?.bpmn), [old.data])
  const after = useMemo(() => partsOf(now.data?.bpmn), [now.data])
  const looks = preview.data?.items
  const marks = useMemo(() => marked(looks ? standing(looks) : {}, plan), [looks, plan])
  // What once had no home stays in the list, so that a choice can be changed.
  const rows = useMemo(() => [...new Set([...homeless(looks ?? []).elements, ...Object.keys(plan.map)])], [looks, plan.map])
  const statuses = useMemo(() => [...new Set([...homeless(looks ?? []).statuses, ...Object.keys(plan.statuses)])], [looks, plan.statuses])
  const error = old.error ?? now.error
  if (error) return <Failed error={error} again={() => void Promise.all([old.refetch(), now.refetch()])} />
  if (!old.data?.bpmn || !now.data?.bpmn) return <Loading />

  const choose = (element: string, home: string | null | undefined) => {
    const map = { ...plan.map }
    if (home === undefined) delete map[element]
    else map[element] = home
    setPlan({ ...plan, map })
  }
  const begin = async () => {
    setBusy(true)
    try {
      await migrate(plan)
      await versionsChanged(client)
      void navigate(`/design/${encodeURIComponent(typeKey)}/versions`)
    } catch (problem) {
      void message.error(asProblem(problem).message)
      setBusy(false)
    }
  }
  const found = verdicts(looks ?? [])
  const stays = found.needs_mapping + found.blocked
  return (
    <div className="versions">
      <section className="versions-main" aria-label={t('versions.move')}>
        <Pair
          before={{ xml: old.data.bpmn, label: `v${from}`, head: <Head of={old.data} />, picked, onPick: (id) => setPicked(id), tints: marks.before, badges: marks.badges }}
          after={{
            xml: now.data.bpmn,
            label: `v${to}`,
            head: picked && rows.includes(picked) ? <b>{t('versions.pickHome', { name: before.get(picked)?.name || picked })}</b> : <Head of={now.data} />,
            picked: picked ? (plan.map[picked] ?? null) : null,
            onPick: (id) => picked && rows.includes(picked) && after.get(id)?.kind !== 'sequenceFlow' && choose(picked, id),
            tints: marks.after,
          }}
        />
      </section>
      <aside className="versions-side changes" tabIndex={0} role="region" aria-label={t('versions.preview')}>
        <header className="changes-head">
          <h2>{t('versions.moveTitle', { n: preview.data?.total ?? 0, from, to })}</h2>
          <span className="t13 ink2">{t('versions.moveWhat')}</span>
        </header>
        <div className="changes-list">
          {preview.error ? (
            <div className="side-card">
              <Remark tone="red">{[asProblem(preview.error).message, ...asProblem(preview.error).errors.map((one) => one.detail)].join(' ')}</Remark>
              <Button size="small" onClick={() => setPlan({ ...plan, map: {}, statuses: {} })}>
                {t('versions.startOver')}
              </Button>
            </div>
          ) : !looks ? (
            <Loading />
          ) : !preview.data?.total ? (
            <Empty title={t('versions.noneRunning', { version: from })} />
          ) : (
            <>
              <Mapping
                rows={rows}
                statuses={statuses}
                plan={plan}
                before={before}
                after={after}
                homes={now.data.statuses}
                old={old.data.statuses}
                picked={picked}
                pick={setPicked}
                choose={choose}
                chooseStatus={(status, home) => setPlan({ ...plan, statuses: { ...plan.statuses, [status]: home } })}
              />
              <Verdicts looks={looks} total={preview.data.total} parts={before} pick={setPicked} />
            </>
          )}
        </div>
        <footer className="changes-foot col g8 t13">
          {stays > 0 && <span>{t('versions.staysBehind', { n: stays, version: from })}</span>}
          <Button type="primary" loading={busy} disabled={!found.fits || preview.isFetching} onClick={() => void begin()}>
            {t('versions.moveNow', { n: found.fits })}
          </Button>
        </footer>
      </aside>
    </div>
  )
}

/** Where tickets stand on the old side and would stand on the new one. */
function marked(counts: Record<string, number>, { map }: Plan): { before: Tints; after: Tints; badges: Badge[] } {
  const before: Tints = {}
  const after: Tints = {}
  for (const element of Object.keys(counts)) {
    const home = element in map ? map[element] : element
    before[element] = element in map ? 'mapped' : 'heat2'
    if (home) after[home] = element in map ? 'mapped' : 'heat2'
  }
  for (const [element, home] of Object.entries(map)) {
    before[element] = 'mapped'
    if (home) after[home] = 'mapped'
  }
  return { before, after, badges: Object.entries(counts).map(([element, n]) => ({ element, tone: 'neutral', text: t('versions.tickets', { n }) })) }
}
