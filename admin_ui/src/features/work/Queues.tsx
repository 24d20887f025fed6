// The queues at the left: mine, my groups, by status; each a link, so that the address says it all.
import { CalendarClock, CircleDashed, Hourglass, Inbox, Star, TimerOff, UserRound, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useCounts, useGroups, useMe } from '../../api/queries'
import type { Category } from '../../api/types'
import { t, words } from '../../i18n/t'
import { icon } from '../../ui/bits'
import { StatusShape } from '../../ui/shapes'
import { CATEGORIES, TIMED, write, type Filter } from './filters'
import { Views } from './Views'

const MARKS = { due_today: CalendarClock, at_risk: Hourglass, overdue: TimerOff }

export function useQueueName(): (queue: string) => string {
  const groups = useGroups()
  return (queue) => {
    if (queue.startsWith('group:')) {
      const key = queue.slice(6)
      return words(groups.data?.items.find((group) => group.key === key)?.name) || key
    }
    if (queue.startsWith('category:')) return t(`category.${queue.slice(9) as Category}`)
    if (queue === 'watched' || queue === 'none' || queue === 'all' || queue === 'any') return t(`queue.${queue}`)
    if (queue === 'groups') return t('queue.groups.mine')
    const timed = TIMED.find((one) => one === queue)
    return timed ? t(`queue.${timed}`) : t('queue.mine')
  }
}

export function Queues({ filter, onChosen }: { filter: Filter; onChosen?: () => void }) {
  const { user } = useMe()
  const counts = useCounts().data
  const name = useQueueName()
  const queue = (key: string, mark: ReactNode, count?: number) => (
    <Link key={key} to={'/work' + write({ ...filter, queue: key, q: '' })} aria-current={filter.queue === key ? 'page' : undefined} onClick={onChosen}>
      {mark}
      <span className="cut">{name(key)}</span>
      {count !== undefined && <span className="n">{count}</span>}
    </Link>
  )
  return (
    <nav className="queues" aria-label={t('queue.title')}>
      <div>
        <div className="cap">{t('queue.own')}</div>
        {queue('mine', <UserRound {...icon} />, counts?.mine)}
        {queue('groups', <Users {...icon} />)}
        {queue('watched', <Star {...icon} />)}
      </div>
      <div>
        <div className="cap">{t('queue.byTime')}</div>
        {TIMED.map((key) => {
          const Mark = MARKS[key]
          return queue(key, <Mark {...icon} />, counts?.[key])
        })}
      </div>
      <Views filter={filter} onChosen={onChosen} />
      <div>
        <div className="cap">{t('queue.groups')}</div>
        {user.groups.map((group) => queue('group:' + group, <Users {...icon} />, counts?.groups?.[group] ?? (counts ? 0 : undefined)))}
        {queue('none', <CircleDashed {...icon} />, counts?.unassigned)}
      </div>
      <div>
        <div className="cap">{t('queue.byStatus')}</div>
        {queue('all', <Inbox {...icon} />, counts?.all)}
        {CATEGORIES.map((category) =>
          queue('category:' + category, <StatusShape category={category} size={16} />, category === 'closed' || category === 'cancelled' ? undefined : (counts?.categories?.[category] ?? (counts ? 0 : undefined))),
        )}
      </div>
    </nav>
  )
}
