// Whom reminders and notices go to, in words.
import { useGroups } from '../../api/queries'
import { known, t, words } from '../../i18n/t'

/** Those whom a document names by their part in the ticket. */
export const PARTS = ['assignee', 'candidates', 'requester', 'watchers', 'manager', 'lead'] as const

export function useWho(): (who: string) => string {
  const groups = useGroups().data?.items
  return (who) => {
    const [kind = '', key = ''] = who.split(':', 2)
    if (kind === 'group') return words(groups?.find((one) => one.key === key)?.name) || key
    if (kind === 'user') return key
    return known(`sla.who.${who}`) ?? who
  }
}

export const listed = (names: string[]): string => names.join(t('list.comma'))
