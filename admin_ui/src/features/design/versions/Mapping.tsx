// A new home for each step and status that the new version lacks: by picking on the diagrams or from a list.
import { Select } from 'antd'
import type { VersionDetail } from '../../../api/types'
import type { Plan } from '../../../api/versions'
import { known, t, words } from '../../../i18n/t'
import { places, type Part } from './elements'

interface Props {
  rows: string[]
  statuses: string[]
  plan: Plan
  before: Map<string, Part>
  after: Map<string, Part>
  old: VersionDetail['statuses']
  homes: VersionDetail['statuses']
  picked: string | null
  pick: (element: string) => void
  choose: (element: string, home: string | null | undefined) => void
  chooseStatus: (status: string, home: string) => void
}

const NOWHERE = '' // an event that is no longer waited for

export function Mapping({ rows, statuses, plan, before, after, old, homes, picked, pick, choose, chooseStatus }: Props) {
  if (!rows.length && !statuses.length) return null
  const all = places(after)
  return (
    <section aria-label={t('versions.mapping')}>
      <h3 className="changes-document">{t('versions.mapping')}</h3>
      <p className="t13 ink2 mapping-how">{t('versions.mappingHow')}</p>
      <ul>
        {rows.map((element) => {
          const part = before.get(element)
          const name = called(part, element)
          const home = plan.map[element]
          return (
            <li key={element} className="mapping" data-on={picked === element || undefined}>
              <button type="button" className="link t13 cut" aria-pressed={picked === element} onClick={() => pick(element)}>
                {name}
              </button>
              <span aria-hidden>→</span>
              <Select
                size="small"
                showSearch
                optionFilterProp="label"
                allowClear
                className="grow"
                value={element in plan.map ? (home ?? NOWHERE) : undefined}
                placeholder={t('versions.chooseHome')}
                aria-label={t('versions.homeOf', { name })}
                onChange={(value: string | undefined) => choose(element, value === undefined ? undefined : value || null)}
                options={[...(part?.attached ? [{ value: NOWHERE, label: t('versions.notWaited') }] : []), ...all.map((one) => ({ value: one.id, label: called(one, one.id) }))]}
              />
            </li>
          )
        })}
        {statuses.map((status) => {
          const name = words(old.find(({ key }) => key === status)?.label) || status
          return (
            <li key={`status ${status}`} className="mapping">
              <span className="t13 cut">{t('versions.status', { name })}</span>
              <span aria-hidden>→</span>
              <Select
                size="small"
                className="grow"
                value={plan.statuses[status]}
                placeholder={t('versions.chooseStatus')}
                aria-label={t('versions.homeOf', { name })}
                onChange={(home) => chooseStatus(status, home)}
                options={homes.map(({ key, label }) => ({ value: key, label: words(label) }))}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export const called = (part: Part | undefined, id: string): string => part?.name || known(`versions.kind.${part?.kind ?? ''}`) || id
