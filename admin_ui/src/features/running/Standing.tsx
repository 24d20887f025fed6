// The running tickets, or those on one step: since when they stand there, their clock, their version.
import { Button } from 'antd'
import { Link } from 'react-router'
import { useStanding, type StandingTicket } from '../../api/running'
import { t } from '../../i18n/t'
import { Chip, Empty, Failed, Loading } from '../../ui/bits'
import { since, when } from '../../ui/time'

interface Props {
  typeKey: string
  version: number | undefined
  element: string | null
  total: number
  every: () => void
}

export function Standing({ typeKey, version, element, total, every }: Props) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useStanding(typeKey, version, element)
  const rows = data?.pages.flatMap((page) => page.items)
  const step = element && (rows?.[0]?.element_name ?? element)
  return (
    <section className="running-list" aria-label={t('versions.at.tickets')} tabIndex={0}>
      <header className="row g8 running-list-head">
        <h2>{t('versions.at.count', { n: total })}</h2>
        {step ? (
          <button type="button" className="link t12" onClick={every}>
            {t('versions.at.onStep', { step })}
          </button>
        ) : (
          <Chip line>{t('versions.at.everyStep')}</Chip>
        )}
      </header>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : !rows ? (
        <Loading />
      ) : !rows.length ? (
        <Empty title={t('versions.at.nobody')} />
      ) : (
        <>
          <table className="table cards">
            <thead>
              <tr>
                <th>{t('versions.at.number')}</th>
                <th>{t('versions.at.what')}</th>
                <th>{t('versions.at.step')}</th>
                <th>{t('versions.at.since')}</th>
                <th>{t('versions.at.clock')}</th>
                <th>{t('versions.title')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.number} ${row.element}`}>
                  <td>
                    <Link to={`/work/${encodeURIComponent(row.number)}`}>{row.number}</Link>
                  </td>
                  <td>{row.title}</td>
                  <td data-label={t('versions.at.step')}>{row.element_name}</td>
                  <td data-label={t('versions.at.since')}>{since(row.since)}</td>
                  <td data-label={t('versions.at.clock')}>
                    <Clock of={row} />
                  </td>
                  <td data-label={t('versions.title')}>
                    <Chip>{`v${row.version}`}</Chip>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {hasNextPage && (
            <Button size="small" className="running-more" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('do.more')}
            </Button>
          )}
        </>
      )}
    </section>
  )
}

const TONES = { running: 'neutral', at_risk: 'amber', breached: 'red', paused: 'neutral' } as const

function Clock({ of }: { of: StandingTicket }) {
  if (!of.sla_state) return null
  const state = of.sla_state as keyof typeof TONES
  return <Chip tone={TONES[state]}>{t(`versions.clock.${state}`, { at: when(of.sla_due) })}</Chip>
}
