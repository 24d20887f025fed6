// The icons that a ticket type may name in its manifest (`icon`), by their lucide names.
import {
  Building2, CalendarDays, Car, ChartPie, ClipboardCheck, DoorOpen, FileText, Gauge, GitPullRequestArrow, HardHat, KeyRound, Laptop, Lightbulb,
  MessageSquareWarning, Monitor, Package, Presentation, Printer, Server, ShieldAlert, ShoppingCart, Stamp, TriangleAlert, UserPlus, Wifi, Wrench, type LucideIcon,
} from 'lucide-react'

const icons: Record<string, LucideIcon> = {
  'building': Building2, 'calendar': CalendarDays, 'car': Car, 'chart-pie': ChartPie, 'clipboard-check': ClipboardCheck, 'door-open': DoorOpen, 'file-text': FileText,
  'gauge': Gauge, 'git-pull-request': GitPullRequestArrow, 'hard-hat': HardHat, 'key': KeyRound, 'key-round': KeyRound, 'laptop': Laptop, 'lightbulb': Lightbulb,
  'message-square-warning': MessageSquareWarning, 'monitor': Monitor, 'package': Package, 'presentation': Presentation, 'printer': Printer, 'server': Server,
  'shield-alert': ShieldAlert, 'shopping-cart': ShoppingCart, 'stamp': Stamp, 'triangle-alert': TriangleAlert, 'user-plus': UserPlus, 'wifi': Wifi, 'wrench': Wrench,
}

export const typeIcon = (name: string | null | undefined): LucideIcon => icons[name ?? ''] ?? FileText

/** The names to choose from, one for each drawing. */
export const iconNames: string[] = Object.keys(icons).filter((name, at, all) => all.findIndex((other) => icons[other] === icons[name]) === at)
