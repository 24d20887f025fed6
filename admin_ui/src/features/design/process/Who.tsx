// Who does a step: among whom it is, how one of them is chosen, and who gets it when nobody may.
import type { Drawn } from '../../../bpmn/parts'
import { propertiesOf } from '../../../bpmn/settings'
import { t, words } from '../../../i18n/t'
import { useDesk, useSet } from './context'
import type { Choice } from './facts'
import { AsWritten, GroupsSetting, LengthSetting, PeopleSetting, Picker, Question } from './Fields'

const REQUESTER = '=ticket.requester'
const STRATEGIES = ['least_loaded', 'round_robin', 'best_match'] as const

/** The fields of the package's forms that name somebody. */
export function usePersonFields(kind: 'user' | 'group'): Choice[] {
  const { facts } = useDesk()
  return facts.forms.flatMap((form) => form.fields.filter((field) => field.kind === kind).map((field) => ({ value: field.key, label: words(field.label) || field.key })))
}

export function Who({ of }: { of: Drawn }) {
  const said = propertiesOf(of)
  const set = useSet(of)
  const people = usePersonFields('user')
  const assignee = said.assignee ?? ''
  const field = people.find((one) => assignee === `=${one.value}`)
  const literal = assignee !== '' && !assignee.startsWith('=')
  const mode = !assignee ? 'nobody' : assignee === REQUESTER ? 'requester' : field ? `=${field.value}` : literal ? 'person' : 'formula'
  const choose = (next: string) => {
    if (next === 'nobody') return set({ assignee: null })
    if (next === 'requester') return set({ assignee: REQUESTER, strategy: null, routing: null })
    if (next.startsWith('=')) return set({ assignee: next })
    return undefined
  }
  return (
    <>
      <Question label={t('designer.direct')}>
        <Picker<string>
          label={t('designer.direct')}
          value={mode}
          onChange={choose}
          options={[
            { value: 'nobody', label: t('designer.direct.nobody') },
            { value: 'requester', label: t('designer.direct.requester') },
            ...people.map((one) => ({ value: `=${one.value}`, label: t('designer.direct.field', { field: one.label }) })),
            ...(mode === 'formula' || mode === 'person' ? [{ value: mode, label: t(`designer.direct.${mode}`) }] : []),
          ]}
        />
        {mode === 'formula' && <AsWritten label={t('designer.direct')} value={assignee} onChange={(text) => set({ assignee: text })} />}
        {mode === 'person' && <PeopleSetting label={t('designer.direct')} value={assignee} onChange={(text) => set({ assignee: text })} />}
      </Question>
      {assignee !== REQUESTER && <Among of={of} />}
    </>
  )
}

function Among({ of }: { of: Drawn }) {
  const { facts } = useDesk()
  const said = propertiesOf(of)
  const set = useSet(of)
  const worked = (text = '') => text.startsWith('=')
  const how = said.routing ? said.routing : (said.strategy ?? '')
  const chosen = how !== ''
  return (
    <>
      <Question label={t('designer.groups')} help={t('designer.groupsHelp')}>
        {worked(said.groups) ? <AsWritten label={t('designer.groups')} value={said.groups!} onChange={(text) => set({ groups: text })} /> : <GroupsSetting label={t('designer.groups')} value={said.groups ?? ''} onChange={(text) => set({ groups: text })} />}
      </Question>
      <Question label={t('designer.users')}>
        {worked(said.users) ? <AsWritten label={t('designer.users')} value={said.users!} onChange={(text) => set({ users: text })} /> : <PeopleSetting label={t('designer.users')} value={said.users ?? ''} onChange={(text) => set({ users: text })} />}
      </Question>
      <Question label={t('designer.how')}>
        <Picker<string>
          label={t('designer.how')}
          value={how}
          onChange={(next) => set(next.startsWith('decision:') ? { routing: next, strategy: null } : { routing: null, strategy: next || null, ...(next ? {} : { fallback: null, fallback_after: null }) })}
          options={[
            { value: '', label: t('designer.how.claim') },
            ...STRATEGIES.map((one) => ({ value: one, label: t(`designer.how.${one}`) })),
            ...facts.decisions.map((one) => ({ value: `decision:${one.value}`, label: t('designer.how.decision', { name: one.label }) })),
            ...(how.startsWith('decision:') && !facts.decisions.some((one) => how === `decision:${one.value}`) ? [{ value: how, label: how }] : []),
          ]}
        />
      </Question>
      {chosen && (
        <Question label={t('designer.fallback')}>
          <GroupsSetting single label={t('designer.fallback')} value={(said.fallback ?? '').replace(/^group:/, '')} onChange={(text) => set({ fallback: text ? `group:${text}` : null })} />
          <span className="cap">{t('designer.fallbackAfter')}</span>
          <LengthSetting label={t('designer.fallbackAfter')} value={said.fallback_after ?? ''} onChange={(text) => set({ fallback_after: text })} />
        </Question>
      )}
    </>
  )
}
