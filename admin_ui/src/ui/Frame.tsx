// The frame of the working side: the rail, the bar with search and the page's one action, the page.
import { ConfigProvider } from 'antd'
import { Activity, Boxes, Columns3, CalendarDays, Inbox, Plus, Search, Settings, Stamp, UsersRound, Workflow, type LucideIcon } from 'lucide-react'
import { createContext, lazy, Suspense, useContext, useEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { useApprovalCounts } from '../api/approvals'
import { useCounts, useMe } from '../api/queries'
import { Bell } from '../features/notify/Bell'
import { t, type Key } from '../i18n/t'
import { Avatar, icon14, icon18, Key as KeyCap } from './bits'
import './frame.css'
import { Mark } from './mark'
import { PersonMenu, worksHere } from './menu'
import { usePhone } from './prefs'
import { denseTheme } from './theme'

const places: { to: string; label: Key; icon: LucideIcon; needs?: string }[] = [
  { to: '/work', label: 'nav.work', icon: Inbox },
  { to: '/board', label: 'board.title', icon: Columns3 },
  { to: '/approvals', label: 'approvals.nav', icon: Stamp },
  { to: '/design', label: 'nav.design', icon: Workflow, needs: 'see_processes' },
  { to: '/running', label: 'nav.running', icon: Activity, needs: 'see_process_incidents' },
  { to: '/records', label: 'nav.records', icon: Boxes, needs: 'see_records' },
  { to: '/calendars', label: 'sla.nav.calendars', icon: CalendarDays, needs: 'manage_calendars' },
  { to: '/people', label: 'nav.people', icon: UsersRound, needs: 'manage_people' },
  { to: '/settings', label: 'sla.nav.settings', icon: Settings, needs: 'manage_channels' },
]

const Palette = lazy(() => import('../features/work/Palette'))

const Slots = createContext<{ title: HTMLElement | null; tools: HTMLElement | null }>({ title: null, tools: null })

/** What a page says in the bar: where we are, and its one primary action. */
export function Bar({ title, tools }: { title: ReactNode; tools?: ReactNode }) {
  const slots = useContext(Slots)
  return (
    <>
      {slots.title && createPortal(title, slots.title)}
      {slots.tools && tools && createPortal(tools, slots.tools)}
    </>
  )
}

export default function Frame() {
  const { user, permissions } = useMe()
  const { pathname } = useLocation()
  const counts = useCounts()
  const approvals = useApprovalCounts()
  const phone = usePhone()
  const [title, setTitle] = useState<HTMLElement | null>(null)
  const [tools, setTools] = useState<HTMLElement | null>(null)
  if (!worksHere(user.roles)) return <NotHere />
  return (
    <Slots.Provider value={{ title, tools }}>
      <div className="frame">
        <nav className="rail" aria-label={t('nav.main')}>
          <Link to="/p" className="rail-home" aria-label={t('nav.home')}>
            <Mark size={30} />
          </Link>
          {places
            .filter((place) => !place.needs || permissions.includes(place.needs))
            .map(({ to, label, icon: Icon }) => (
              <Link key={to} to={to} className="rail-item" aria-current={pathname.startsWith(to) ? 'page' : undefined}>
                <Icon {...icon18} />
                {t(label)}
                {to === '/work' && !!counts.data?.mine && (
                  <span className="count hot" aria-label={t('nav.waiting', { n: counts.data.mine })}>
                    {counts.data.mine}
                  </span>
                )}
                {to === '/approvals' && !!approvals.data?.todo && (
                  <span className="count hot" aria-label={t('approvals.waiting', { n: approvals.data.todo })}>
                    {approvals.data.todo}
                  </span>
                )}
              </Link>
            ))}
          <span className="grow" />
          <Bell to="/notices" className="rail-item" />
          <PersonMenu>
            <button type="button" className="rail-me" aria-label={t('nav.me', { name: user.name })}>
              <Avatar name={user.name} size={30} />
            </button>
          </PersonMenu>
        </nav>
        <header className="bar">
          {!(phone && pathname.startsWith('/work')) && <div className="row g8 grow" ref={setTitle} />}
          {pathname.startsWith('/work') && <Find />}
          <div className="row g8 fix" ref={setTools} />
        </header>
        <main className="body">
          <ConfigProvider theme={phone ? undefined : denseTheme}>
            <Outlet />
          </ConfigProvider>
        </main>
        <CtrlK />
      </div>
    </Slots.Provider>
  )
}

/** Somebody without a role on the working side belongs in the portal, with his approvals too. */
function NotHere() {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  useEffect(() => void navigate(pathname.startsWith('/approvals') ? '/p' + pathname : '/p', { replace: true }), [navigate, pathname])
  return null
}

/** The palette, from every page; loaded when it is first asked for. */
function CtrlK() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return <Suspense>{open && <Palette close={() => setOpen(false)} />}</Suspense>
}

function Find() {
  const navigate = useNavigate()
  const { search } = useLocation()
  const input = useRef<HTMLInputElement>(null)
  const asked = new URLSearchParams(search).get('q') ?? ''
  return (
    <form
      className="find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        const q = input.current?.value.trim() ?? ''
        void navigate('/work' + (q ? '?' + new URLSearchParams({ queue: 'any', q }).toString() : ''))
      }}
    >
      <Search {...icon14} />
      <input key={asked} ref={input} name="q" type="search" aria-label={t('work.find')} placeholder={t('work.find')} defaultValue={asked} data-find />
      <KeyCap>Ctrl K</KeyCap>
    </form>
  )
}

export const PlusIcon = () => <Plus {...icon14} />
