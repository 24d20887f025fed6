// The kinds of links, and how each reads from either side.
import { t } from '../../i18n/t'

export const LINKS = ['relates', 'blocks', 'causes', 'duplicates', 'parent'] as const
export type LinkKind = (typeof LINKS)[number]

export function linkName(kind: string, outgoing: boolean): string {
  const known = LINKS.find((one) => one === kind)
  if (!known) return kind
  return outgoing ? t(`link.${known}`) : t(`link.back.${known}`)
}
