// The portal's first page: what there is to be done, by department; and my tickets.
import { Button, Input } from 'antd'
import { ChevronRight, ScanLine, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useDepartments, useMe, useTickets, useTypes } from '../../api/queries'
import type { TypeCard } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Empty, Failed, icon14, icon18, IconButton, Loading } from '../../ui/bits'
import { typeIcon } from '../../ui/icons'
import { Logo } from '../../ui/mark'
import { usePhone } from '../../ui/prefs'
import { Outbox } from './Outbox'
import { TicketCards } from './TicketCards'

const SHOWN = 3

function greeting(name: string): string {
  const hour = new Date().getHours()
  return t(hour < 6 || hour >= 18 ? 'home.evening' : hour < 12 ? 'home.morning' : 'home.afternoon', { name })
}

export default function Home() {
  const { user } = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const [q, setQ] = useState('')
  const mine = useTickets({ requester: 'me', sort: '-updated_at' }, SHOWN)
  const tickets = mine.data?.pages[0]?.items ?? []
  const search = (
    <Input
      size="large"
      type="search"
      aria-label={t('home.search')}
      placeholder={t('home.search')}
      prefix={<Search {...icon18} color="var(--ink-3)" />}
      value={q}
      onChange={(event) => setQ(event.target.value)}
      className="home-search"
    />
  )
  const own = tickets.length > 0 && (
    <section aria-labelledby="mine">
      <div className="row apart baseline section-head">
        <h2 id="mine">{t('nav.myTickets')}</h2>
        <Link to="/p/tickets" className="t13 row all-link">
          {t('home.all')}
          {phone && <ChevronRight {...icon14} />}
        </Link>
      </div>
      <TicketCards tickets={phone ? tickets.slice(0, 2) : tickets} />
    </section>
  )
  if (phone)
    return (
      <>
        <header className="phone-hello">
          <Logo size={24} />
          <h1>{t('home.hello', { greeting: greeting(user.name) })}</h1>
          <div className="row g8">
            {search}
            <IconButton className="home-scan" label={t('portal.scan')} onClick={() => void navigate('/p/scan')}>
              <ScanLine {...icon18} />
            </IconButton>
          </div>
        </header>
        <main className="phone-main">
          <Outbox />
          {q ? <Knowledge /> : own}
          <Types q={q} clear={() => setQ('')} />
        </main>
      </>
    )
  return (
    <main className="portal-main">
      <h1 className="hero">{t('home.ask', { greeting: greeting(user.name) })}</h1>
      {search}
      <Outbox />
      <div className={own ? 'home-columns' : 'home-columns single'}>
        <div className="col g24">
          {q && <Knowledge />}
          <Types q={q} clear={() => setQ('')} />
        </div>
        {own && <aside>{own}</aside>}
      </div>
    </main>
  )
}

/** What is known about it; there are no articles yet, and that is said. */
const Knowledge = () => (
  <section aria-labelledby="knowledge">
    <h2 id="knowledge" className="section-head">
      {t('portal.knowledge')}
    </h2>
    <p className="ink2">{t('portal.noKnowledge')}</p>
  </section>
)

function Types({ q, clear }: { q: string; clear: () => void }) {
  const { data, error, refetch } = useTypes()
  const departments = useDepartments()
  const found = useMemo(() => {
    const wanted = q.trim().toLowerCase()
    const groups = new Map<string, TypeCard[]>()
    for (const type of data?.items ?? []) {
      if (wanted && !`${words(type.name)} ${words(type.description)}`.toLowerCase().includes(wanted)) continue
      const key = type.department ?? ''
      groups.set(key, [...(groups.get(key) ?? []), type])
    }
    return [...groups].sort(([a], [b]) => Number(!a) - Number(!b))
  }, [data, q])
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  if (!found.length)
    return (
      <div className="card">
        {q ? (
          <Empty title={t('home.notFound', { q })} text={t('home.notFoundWhat')} action={<Button onClick={clear}>{t('home.showAll')}</Button>} />
        ) : (
          <Empty title={t('home.noTypes')} text={t('home.noTypesWhat')} />
        )}
      </div>
    )
  const nameOf = (key: string) =>
    words(departments.data?.items.find((one) => one.key === key)?.name) || (key ? key : t('home.otherTypes'))
  return (
    <div className="col g24">
      {found.map(([key, types]) => (
        <section key={key}>
          {(found.length > 1 || key) && <h2 className="section-head">{nameOf(key)}</h2>}
          <div className="type-cards">
            {types.map((type) => {
              const Icon = typeIcon(type.icon)
              return (
                <Link key={type.key} to={`/p/new/${encodeURIComponent(type.key)}`} className="card type-card">
                  <span className="type-icon">
                    <Icon {...icon18} />
                  </span>
                  <span className="col">
                    <b className="cut">{words(type.name)}</b>
                    <span className="cap two-lines">
                      {words(type.description)}
                    </span>
                  </span>
                </Link>
              )
            })}
          </div>
        </section>
      ))}
    </div>
  )
}
