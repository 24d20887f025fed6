// Trying the rules with a ticket: the row that hits, why earlier ones missed, and what would change for the latest tickets.
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTicketChoices, replayTickets, tryTicket, type Replay, type TracedTable } from '../../../api/rules'
import { readResult } from '../../../feel/cells'
import { t } from '../../../i18n/t'
import { Failed, icon14, Loading } from '../../../ui/bits'
import { headOf, type Kind } from './fields'
import { columnsOf, type Column } from './table'
import type { Editing } from './useTable'
import { sayCell, saying } from './words'

const MISSED = 8

interface Props {
  typeKey: string
  editing: Editing
  kindOf: (column: Column) => Kind
  show: (trace: TracedTable | null) => void
}

export function TryPane({ typeKey, editing, kindOf, show }: Props) {
  const [ticket, setTicket] = useState<string | null>(null)
  const { table, state, file } = editing
  const decision = file.decision.id
  const tickets = useTicketChoices(typeKey)
  const tried = useQuery({ queryKey: ['drafts', typeKey, 'try', decision, ticket, file.rev], queryFn: () => tryTicket(typeKey, decision, ticket!), enabled: ticket !== null, placeholderData: (before) => before, retry: false })
  const current = ticket !== null && state === 'saved' ? tried.data : undefined
  const trace = current?.trace.find((one) => one.kind === 'decision table' && (one as TracedTable & { element: string }).decision === (table.name || decision)) ?? current?.trace.at(-1) ?? null
  useEffect(() => show(trace?.rules ? trace : null), [trace, show])
  const inputs = columnsOf(table, 'inputs')
  const shown = (column: Column | undefined, text: string) => {
    if (!column) return text
    const value = readResult(text, kindOf(column).kind)
    return value ? saying(value, kindOf(column)) : value === undefined ? t('rules.missing') : text
  }
  const hit = trace?.matched?.[0]
  const missed = trace?.rules?.filter((rule) => !rule.hit && (hit === undefined || rule.rule < hit)) ?? []
  return (
    <aside className="ru-try" tabIndex={0} role="region" aria-label={t('rules.try')}>
      <h2>{t('rules.try')}</h2>
      <Select showSearch allowClear optionFilterProp="label" aria-label={t('rules.ticketPick')} placeholder={t('rules.ticketPick')} value={ticket ?? undefined} onChange={(next: string | undefined) => setTicket(next ?? null)} options={tickets.data?.items.map((one) => ({ value: one.number, label: `${one.number} ${one.title}` }))} notFoundContent={t('rules.noTickets')} />
      {tried.error && <Failed error={tried.error} again={() => void tried.refetch()} />}
      {ticket && !tried.data && !tried.error && <Loading lines={3} />}
      {trace?.inputs && (
        <dl className="ru-card ru-values">
          {trace.inputs.map((one, at) => (
            <div key={at}>
              <dt>{inputs[at] ? headOf(inputs[at]) : one.input}</dt>
              <dd>{shown(inputs[at], one.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {trace?.rules && (
        <section className="ru-card ru-outcome" aria-live="polite">
          <span className="cap">{t('rules.outcome')}</span>
          {hit === undefined ? <b>{t('rules.noHit')}</b> : <b>{t('rules.rowHit', { rows: trace.matched.join(', '), result: outcome(trace, hit, table.columns, kindOf) })}</b>}
          {missed.length > 0 && (
            <>
              <span className="cap ru-why">{t('rules.missedHead', { n: missed.length })}</span>
              <ul className="col g6">
                {missed.slice(0, MISSED).map((rule) => {
                  const cell = rule.cells.find((one) => !one.hit)
                  const column = cell && inputs[cell.column - 1]
                  return (
                    cell && (
                      <li key={rule.rule} className="row g6 t12">
                        <X {...icon14} className="ru-miss" />
                        <span className="ink3 nowrap">{t('rules.rowN', { row: rule.rule })}</span>
                        <span>{t('rules.missed', { column: column ? headOf(column) : cell.input, value: shown(column, cell.value), test: column ? testWords(cell.test, kindOf(column)) : cell.test })}</span>
                      </li>
                    )
                  )
                })}
              </ul>
              {missed.length > MISSED && <span className="cap">{t('rules.more', { n: missed.length - MISSED })}</span>}
            </>
          )}
        </section>
      )}
      {current?.warnings.map((warning, at) => (
        <span key={at} className="cap">
          {warning.text}
        </span>
      ))}
      <Compared typeKey={typeKey} editing={editing} kindOf={kindOf} />
    </aside>
  )
}

function Compared({ typeKey, editing, kindOf }: Omit<Props, 'show'>) {
  const [asked, setAsked] = useState(false)
  const { file, table } = editing
  const replay = useQuery({ queryKey: ['drafts', typeKey, 'replay', file.decision.id, file.rev], queryFn: () => replayTickets(typeKey, file.decision.id), enabled: asked, placeholderData: (before) => before, retry: false })
  const outputs = columnsOf(table, 'outputs')
  const say = (value: unknown) => outcomeWords(value, outputs, kindOf)
  return (
    <section className="col g8">
      <h3 className="cap">{t('rules.latest')}</h3>
      {!asked && (
        <Button size="small" onClick={() => setAsked(true)}>
          {t('rules.compare')}
        </Button>
      )}
      {replay.error && <Failed error={replay.error} again={() => void replay.refetch()} />}
      {asked && replay.data && <Differences of={replay.data} say={say} />}
    </section>
  )
}

function Differences({ of, say }: { of: Replay; say: (value: unknown) => string }) {
  if (!of.tickets) return <span className="cap">{t('rules.noTickets')}</span>
  return (
    <ul className="ru-card ru-compared">
      <li>
        <span>{t('rules.same')}</span>
        <b>{of.same}</b>
      </li>
      {of.differences.map((one, at) => (
        <li key={at} title={one.numbers.join(', ')}>
          <span>{`${say(one.before)} \u2192 ${say(one.after)}`}</span>
          <b>{one.count}</b>
        </li>
      ))}
    </ul>
  )
}

function testWords(text: string, kind: Kind): string {
  const said = sayCell(text, kind)
  return said.any ? t('rules.any') : `${said.not ? t('rules.not') + ' ' : ''}${said.chips.join(', ')}`
}

function outcome(trace: TracedTable, hit: number, columns: Column[], kindOf: (column: Column) => Kind): string {
  const outputs = trace.rules.find((rule) => rule.rule === hit)?.outputs ?? {}
  const column = columns.find((one) => one.part === 'outputs')
  const [name, text] = Object.entries(outputs)[0] ?? []
  if (!column || text === undefined || (name !== column.expression && column.expression)) return text ?? ''
  const value = readResult(text, kindOf(column).kind)
  return value ? saying(value, kindOf(column)) : value === undefined ? t('rules.nothing') : text
}

function outcomeWords(value: unknown, outputs: Column[], kindOf: (column: Column) => Kind): string {
  if (value === null || value === undefined) return t('rules.nothing')
  const one = (each: unknown, column: Column | undefined) => {
    const text = each === null || each === undefined ? t('rules.nothing') : typeof each === 'object' ? JSON.stringify(each) : String(each)
    return (column && kindOf(column).options?.find((option) => option.value === text)?.label) ?? text
  }
  if (typeof value !== 'object' || Array.isArray(value)) return one(value, outputs[0])
  return Object.entries(value).map(([name, each]) => one(each, outputs.find((column) => column.expression === name))).join(', ')
}
