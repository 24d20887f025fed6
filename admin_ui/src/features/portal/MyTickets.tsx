// All tickets that I asked for, the open ones first in sight.
import { Button, Segmented } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { useTickets } from '../../api/queries'
import { t } from '../../i18n/t'
import { Empty, Failed, Loading } from '../../ui/bits'
import { Outbox } from './Outbox'
import { TicketCards } from './TicketCards'

const OPEN = 'new,open,waiting,resolved'
const ENDED = 'closed,cancelled'

export default function MyTickets() {
  const [search, setSearch] = useSearchParams()
  const show = search.get('show') === 'ended' ? 'ended' : 'open'
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTickets({ requester: 'me', sort: '-updated_at', category: show === 'ended' ? ENDED : OPEN }, 20)
  const tickets = data?.pages.flatMap((page) => page.items)
  return (
    <main className="portal-main narrow">
      <div className="row apart wrap g8 section-head">
        <h1>{t('nav.myTickets')}</h1>
        <Segmented
          aria-label={t('mine.show')}
          value={show}
          onChange={(next) => setSearch(next === 'ended' ? { show: 'ended' } : {}, { replace: true })}
          options={[
            { value: 'open', label: t('mine.open') },
            { value: 'ended', label: t('mine.ended') },
          ]}
        />
      </div>
      <Outbox />
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : !tickets ? (
        <Loading />
      ) : tickets.length ? (
        <TicketCards tickets={tickets} />
      ) : (
        <div className="card">
          <Empty
            title={show === 'ended' ? t('mine.noneEnded') : t('mine.none')}
            text={show === 'ended' ? undefined : t('mine.noneWhat')}
            action={
              show === 'ended' ? undefined : (
                <Link to="/p">
                  <Button type="primary" tabIndex={-1}>
                    {t('do.report')}
                  </Button>
                </Link>
              )
            }
          />
        </div>
      )}
      {hasNextPage && (
        <div className="more">
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('do.more')}
          </Button>
        </div>
      )}
    </main>
  )
}
