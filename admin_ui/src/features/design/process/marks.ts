// The problems where they are: a coloured edge on the element, and a badge that says how many.
import type { Finding } from '../../../api/types'
import type { Part } from '../../../bpmn/parts'
import { t } from '../../../i18n/t'

const KIND = 'problem'

/** Marks the elements that findings speak of; the answer takes the marks off again. */
export function markProblems(part: Part, findings: Finding[]): () => void {
  const registry = part('elementRegistry')
  const canvas = part('canvas')
  const overlays = part('overlays')
  const ids = new Set(findings.flatMap((one) => (one.element && registry.get(one.element) ? [one.element] : [])))
  const marked: [string, string][] = []
  for (const id of ids) {
    const errors = findings.filter((one) => one.element === id && one.severity === 'error').length
    const marker = errors ? 'has-error' : 'has-warning'
    canvas.addMarker(id, marker)
    marked.push([id, marker])
    if (registry.get(id)!.waypoints) continue
    const html = document.createElement('div')
    html.className = `badge badge-left tone-${errors ? 'red' : 'amber'}`
    html.textContent = errors ? t('designer.badgeErrors', { n: errors }) : t('designer.badgeWarning')
    overlays.add(id, KIND, { position: { top: -12, right: 6 }, html, scale: { min: 0.75, max: 1.1 } })
  }
  return () => {
    overlays.remove({ type: KIND })
    for (const [id, marker] of marked) if (registry.get(id)) canvas.removeMarker(id, marker)
  }
}
