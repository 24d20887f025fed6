// Who sees a field at which step: what the draft's diagrams say of it.
import { accessOf, stepsOf, withAccess, type Step } from '../../../bpmn/properties'
import { words } from '../../../i18n/t'
import type { Texts } from './history'

export interface StepAccess {
  path: string
  step: Step
  name: string
  own: boolean // whether the step shows this form
}

export const isDiagram = (path: string): boolean => path === 'process.bpmn' || /^processes\/[^/]+\.bpmn$/.test(path)

/** The steps of people in all diagrams; those that show this form first. */
export function stepsIn(texts: Texts, form: string): StepAccess[] {
  const all = Object.entries(texts)
    .filter(([path]) => isDiagram(path))
    .flatMap(([path, text]) => stepsOf(text).map((step) => ({ path, step, name: nameOf(step), own: step.properties.form === form })))
  return [...all.filter((one) => one.own), ...all.filter((one) => !one.own)]
}

function nameOf(step: Step): string {
  const others = Object.entries(step.properties).filter(([name]) => name.startsWith('name.'))
  return words({ 'zh-CN': step.name, ...Object.fromEntries(others.map(([name, text]) => [name.slice('name.'.length), text])) }) || step.id
}

export const levelOf = (step: Step, field: string): string => accessOf(step)[field] ?? accessOf(step)['*'] ?? 'edit'

export const changedAccess = (texts: Texts, one: StepAccess, field: string, level: string): Texts => ({ [one.path]: withAccess(texts[one.path]!, one.step.id, field, level === 'edit' && !accessOf(one.step)['*'] ? null : level) })

/** A renamed field keeps its access everywhere. */
export function renamedAccess(texts: Texts, form: string, from: string, to: string): Texts {
  const out: Texts = {}
  for (const { path, step } of stepsIn(texts, form)) {
    const level = accessOf(step)[from]
    if (level) out[path] = withAccess(withAccess(out[path] ?? texts[path]!, step.id, from, null), step.id, to, level)
  }
  return out
}
