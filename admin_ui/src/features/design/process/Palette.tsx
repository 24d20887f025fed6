// The ready-made steps: dragged to a place, or clicked to go behind the picked one.
import { Bell, Boxes, CircleStop, Clock3, GitBranch, GitFork, Hourglass, Plug, Shapes, Stamp, Table2, UserRound, UserRoundCog, type LucideIcon } from 'lucide-react'
import { useRef } from 'react'
import { GROUPS, RAW, type Template } from '../../../bpmn/steps'
import { known, t } from '../../../i18n/t'
import { icon } from '../../../ui/bits'

const ICONS: Record<string, LucideIcon> = { work: UserRound, approval: Stamp, customer: Hourglass, assign: UserRoundCog, rules: Table2, notify: Bell, timer: Clock3, service: Plug, branch: GitBranch, parallel: GitFork, end: CircleStop }
const STARTS_AT = 6 // pixels from which a press is a drag

interface Props {
  add: (template: Template) => void
  drag: (template: Template, event: MouseEvent) => void
}

export function Palette({ add, drag }: Props) {
  return (
    <div className="pd-palette" role="region" aria-label={t('designer.steps')} tabIndex={0}>
      {GROUPS.map((group) => (
        <section key={group.name} aria-label={t(`designer.group.${group.name}`)}>
          <h2>{t(`designer.group.${group.name}`)}</h2>
          <div className="pd-steps">
            {group.steps.map((step) => (
              <Piece key={step.key} template={step} icon={ICONS[step.key] ?? Boxes} help={known(`designer.help.${step.key}`) ?? undefined} add={add} drag={drag} />
            ))}
          </div>
        </section>
      ))}
      <details className="pd-raw">
        <summary>{t('designer.raw')}</summary>
        <div className="pd-steps">
          {RAW.map((step) => (
            <Piece key={step.key} template={step} icon={Shapes} add={add} drag={drag} />
          ))}
        </div>
      </details>
    </div>
  )
}

function Piece({ template, icon: Icon, help, add, drag }: Props & { template: Template; icon: LucideIcon; help?: string }) {
  const from = useRef<{ x: number; y: number } | null>(null)
  const press = (event: React.MouseEvent) => {
    if (event.button !== 0) return
    from.current = { x: event.clientX, y: event.clientY }
    const move = (moved: MouseEvent) => {
      if (!from.current || Math.hypot(moved.clientX - from.current.x, moved.clientY - from.current.y) < STARTS_AT) return
      stop()
      drag(template, moved)
    }
    const stop = () => {
      from.current = null
      removeEventListener('mousemove', move)
      removeEventListener('mouseup', stop)
    }
    addEventListener('mousemove', move)
    addEventListener('mouseup', stop)
  }
  return (
    <button type="button" className="pd-step" data-step={template.key} onMouseDown={press} onClick={() => add(template)}>
      <Icon {...icon} />
      <span className="col">
        <span className="t13 pd-step-name">{known(`designer.step.${template.key}`) ?? template.key}</span>
        {help && <span className="cap">{help}</span>}
      </span>
    </button>
  )
}
