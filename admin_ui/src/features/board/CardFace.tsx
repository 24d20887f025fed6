// A ticket as a card: number and priority, title, clock and who has it.
import type { Card } from '../../api/workspace'
import { t } from '../../i18n/t'
import { Avatar } from '../../ui/bits'
import { RowClock } from '../../ui/Clock'
import { PriorityMark } from '../../ui/shapes'

export function CardFace({ card, lifted }: { card: Card; lifted?: boolean }) {
  return (
    <article className="board-card" data-lifted={lifted || undefined}>
      <span className="row apart g8">
        <span className="cap cut">{card.number}</span>
        <PriorityMark of={card.priority} />
      </span>
      <b className="t13 cut">{card.title}</b>
      <span className="row apart g8">
        <RowClock clocks={card.clocks} />
        {card.assignee ? (
          <span className="row g6 t12 ink2">
            <Avatar name={card.assignee_name ?? card.assignee} size={20} />
            <span className="cut">{card.assignee_name ?? card.assignee}</span>
          </span>
        ) : (
          <span className="cap">{t('queue.none')}</span>
        )}
      </span>
    </article>
  )
}
