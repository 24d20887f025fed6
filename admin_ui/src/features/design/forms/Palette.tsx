// The kinds of fields to drag or click into the form.
import { useDraggable } from '@dnd-kit/core'
import { Group, PanelsTopLeft, type LucideIcon } from 'lucide-react'
import { known, t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { GROUPS, KINDS } from './kinds'

export function Palette({ add }: { add: (what: string) => void }) {
  return (
    <div className="fd-palette" role="region" aria-label={t('formDesigner.palette')} tabIndex={0}>
      {GROUPS.map((group) => (
        <section key={group.name} aria-label={t(`formDesigner.group.${group.name}`)}>
          <h2>{t(`formDesigner.group.${group.name}`)}</h2>
          <div className="fd-kinds">
            {group.kinds.map((kind) => (
              <Piece key={kind} what={kind} label={known(`formDesigner.kind.${kind}`) ?? kind} icon={KINDS[kind]!.icon} add={add} />
            ))}
            {group.name === 'made' && (
              <>
                <Piece what="group-of-fields" label={t('formDesigner.newGroup')} icon={Group} add={add} />
                <Piece what="tabs" label={t('formDesigner.newTabs')} icon={PanelsTopLeft} add={add} />
              </>
            )}
          </div>
        </section>
      ))}
    </div>
  )
}

function Piece({ what, label, icon: Icon, add }: { what: string; label: string; icon: LucideIcon; add: (what: string) => void }) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `new:${what}`, data: { what, label } })
  return (
    <button ref={setNodeRef} type="button" className="fd-kind" data-kind={what} data-dragging={isDragging || undefined} onPointerDown={listeners?.onPointerDown as React.PointerEventHandler} onClick={() => add(what)}>
      <Icon {...icon14} />
      <span className="cut">{label}</span>
    </button>
  )
}
