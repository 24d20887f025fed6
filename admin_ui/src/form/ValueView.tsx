// An answer as a person reads it.
import dayjs from 'dayjs'
import type { FieldDoc, Option, Values } from '../api/types'
import { useDepartments, useGroups } from '../api/queries'
import { fileUrl } from '../api/client'
import { useThing } from '../api/things'
import { language, t, words } from '../i18n/t'
import { Name } from '../ui/bits'
import { when } from '../ui/time'
import { FileLine } from './controls/files'
import type { PlaceValue } from './controls/Place'
import { fileOf } from './files'
import { Markdown } from './Markdown'
import { isEmpty } from './model'

const NUMBERS: Record<string, string> = { 'zh-CN': 'zh-CN', en: 'en' }

export function amount(field: FieldDoc, value: number): string {
  const money = field.kind === 'money'
  const digits = field.precision ?? (money ? 2 : undefined)
  const text = new Intl.NumberFormat(NUMBERS[language()], { minimumFractionDigits: money ? digits : undefined, maximumFractionDigits: digits ?? 6 }).format(value)
  if (money) return field.currency && field.currency !== 'CNY' ? `${field.currency} ${text}` : `¥ ${text}`
  const unit = words(field.unit)
  return unit ? `${text} ${unit}` : text
}

function labelIn(options: Option[], value: string): string {
  const found = options.find((option) => option.value === value)
  return found ? words(found.label) || value : value
}

function path(options: Option[], steps: string[]): string {
  const out: string[] = []
  let level: Option[] = options
  for (const step of steps) {
    const found = level.find((option) => option.value === step)
    out.push(found ? words(found.label) || step : step)
    level = found?.children ?? []
  }
  return out.join(' / ')
}

export function ValueView({ field, value, options }: { field: FieldDoc; value: unknown; options?: Option[] }) {
  const offered = options ?? (Array.isArray(field.options) ? field.options : [])
  if (isEmpty(value) && value !== false && value !== 0) return <span className="ink3">{field.computed || field.kind === 'computed' ? t('form.computed') : t('state.blank')}</span>
  switch (field.kind) {
    case 'number':
    case 'money':
      return <>{amount(field, Number(value))}</>
    case 'computed':
      return <>{typeof value === 'number' ? amount(field, value) : typeof value === 'object' ? JSON.stringify(value) : String(value)}</>
    case 'rating':
      return <>{t('form.stars', { n: Number(value), of: typeof field.max === 'number' ? field.max : 5 })}</>
    case 'boolean':
      return <>{value === true ? t('form.yes') : t('form.no')}</>
    case 'choice':
      return <>{labelIn(offered, String(value))}</>
    case 'choices':
      return <>{(value as string[]).map((one) => labelIn(offered, one)).join(t('list.comma'))}</>
    case 'cascade':
      return <>{path(offered, value as string[])}</>
    case 'datetime':
      return <>{when(String(value))}</>
    case 'date_range': {
      const { from, to } = value as { from: string; to: string }
      return <>{t('form.range', { from, to, days: dayjs(to).diff(dayjs(from), 'day') + 1 })}</>
    }
    case 'user':
      return <Name of={String(value)} />
    case 'group':
    case 'department':
      return <Unit kind={field.kind} of={String(value)} />
    case 'asset':
    case 'ticket':
      return <ThingView kind={field.kind} of={String(value)} />
    case 'richtext':
      return <Markdown text={String(value)} />
    case 'url':
      return (
        <a href={/^https?:\/\//i.test(String(value)) ? String(value) : undefined} target="_blank" rel="noreferrer noopener">
          {String(value)}
        </a>
      )
    case 'email':
      return <a href={`mailto:${String(value)}`}>{String(value)}</a>
    case 'phone':
      return <a href={`tel:${String(value).replace(/[^\d+]/g, '')}`}>{String(value)}</a>
    case 'attachment':
      return (
        <span className="col g6">
          {(value as string[]).map((id) => (
            <FileLine key={id} id={id} />
          ))}
        </span>
      )
    case 'photo':
    case 'signature':
      return (
        <span className="row g8 wrap">
          {(Array.isArray(value) ? (value as string[]) : [String(value)]).map((id, place) => (
            <a key={id} className="photo" href={fileUrl(id)} target="_blank" rel="noreferrer">
              <img src={fileUrl(id)} alt={fileOf(id)?.name ?? t('form.photoNumber', { n: place + 1 })} loading="lazy" />
            </a>
          ))}
        </span>
      )
    case 'location': {
      const place = value as PlaceValue
      return <>{[place.address, `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`, place.accuracy !== undefined && t('form.accuracy', { m: place.accuracy })].filter(Boolean).join(' · ')}</>
    }
    case 'table':
      return <TableView field={field} rows={value as Values[]} />
    default:
      return <span className="prose">{typeof value === 'object' ? JSON.stringify(value) : String(value)}</span>
  }
}

function Unit({ kind, of }: { kind: string; of: string }) {
  const groups = useGroups()
  const departments = useDepartments()
  const found = (kind === 'group' ? groups.data?.items : departments.data?.items)?.find((item) => item.key === of)
  return <>{found ? words(found.name) || of : of}</>
}

function ThingView({ kind, of }: { kind: 'asset' | 'ticket'; of: string }) {
  const thing = useThing(kind, of)
  return <>{[thing?.name, of].filter(Boolean).join(' · ')}</>
}

function TableView({ field, rows }: { field: FieldDoc; rows: Values[] }) {
  const columns = field.columns ?? []
  return (
    <div className="rows">
      <table className="table cards">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key}>{words(column.label)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {columns.map((column) => (
                <td key={column.key} data-label={words(column.label)}>
                  <ValueView field={column} value={row[column.key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
