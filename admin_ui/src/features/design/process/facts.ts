// What the questions of the designer offer: statuses, groups, forms, tables, and the names that conditions know.
import { kindOf, type Drawn } from '../../../bpmn/parts'
import { isApproval, isWork, nameIn, propertiesOf } from '../../../bpmn/settings'
import type { FormDoc } from '../../../api/types'
import type { PickField } from '../../../feel/condition'
import { known, language, t, words } from '../../../i18n/t'
import { pickable } from '../forms/LogicTab'
import { readForm } from '../forms/useEditing'
import { readManifest, type Manifest } from './manifest'

export type Texts = Record<string, string>

export interface Choice {
  value: string
  label: string
}

export interface Facts {
  manifest: Manifest | null
  forms: FormDoc[]
  decisions: Choice[]
}

const DECISION = /<(?:[\w-]+:)?decision\s([^>]*)>/g
const attribute = (text: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1]

export const formPath = (key: string) => `forms/${key}.json`

export function factsOf(texts: Texts): Facts {
  const of = (pattern: RegExp) => Object.entries(texts).filter(([path]) => pattern.test(path))
  const forms = of(/^forms\/[^/]+\.json$/).flatMap(([path, text]) => {
    const { form } = readForm(text)
    return form ? [{ ...form, key: path.slice('forms/'.length, -'.json'.length) }] : []
  })
  const decisions = of(/^decisions\/[^/]+\.dmn$/).flatMap(([, text]) => [...text.matchAll(DECISION)].flatMap(([, inner]) => {
    const id = attribute(inner ?? '', 'id')
    return id ? [{ value: id, label: attribute(inner ?? '', 'name') ?? id }] : []
  }))
  return { manifest: readManifest(texts['package.toml'] ?? ''), forms, decisions }
}

export const titleOf = (element: Drawn): string => nameIn(element, language()) || known(`designer.kind.${kindOf(element)}`) || kindOf(element)

export interface Button {
  key: string
  labels: Record<string, string>
}

/** The buttons of a step with their texts by language. */
export function buttonsOf(properties: Record<string, string>): Button[] {
  const keys = (properties.actions ?? '').split(',').map((key) => key.trim()).filter(Boolean)
  return keys.map((key) => ({ key, labels: Object.fromEntries(Object.entries(properties).flatMap(([name, text]) => (name.startsWith(`action.${key}.`) ? [[name.slice(`action.${key}.`.length), text]] : []))) }))
}

const OUTCOMES = ['approved', 'rejected', 'returned', 'withdrawn', 'expired'] as const
const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4']

/** Everything a condition may ask: how steps ended, what was answered, the ticket itself. */
export function namesOf(elements: Drawn[], facts: Facts): PickField[] {
  const steps = elements.filter(isWork).flatMap((element): PickField[] => {
    const step = titleOf(element)
    if (isApproval(element)) return [{ name: `${element.id}_outcome`, label: t('designer.outcomeOf', { step }), kind: 'choice', options: OUTCOMES.map((value) => ({ value, label: t(`designer.outcome.${value}`) })) }]
    const buttons = buttonsOf(propertiesOf(element))
    return buttons.length ? [{ name: `${element.id}_action`, label: t('designer.buttonOf', { step }), kind: 'choice', options: buttons.map(({ key, labels }) => ({ value: key, label: words(labels) || key })) }] : []
  })
  const fields = new Map(facts.forms.flatMap((form) => pickable(form.fields)).map((field) => [field.name, field]))
  const ticket: PickField[] = [
    { name: 'ticket.priority', label: t('designer.ticket.priority'), kind: 'choice', options: PRIORITIES.map((value) => ({ value, label: value })) },
    { name: 'ticket.category', label: t('designer.ticket.category'), kind: 'text' },
    { name: 'ticket.requester', label: t('designer.ticket.requester'), kind: 'user' },
    { name: 'ticket.created_at', label: t('designer.ticket.created'), kind: 'datetime' },
  ]
  return [...steps, ...fields.values(), ...ticket]
}

export const statusChoices = (facts: Facts): Choice[] => (facts.manifest?.statuses ?? []).map(({ key, label }) => ({ value: key, label: words(label) || key }))
