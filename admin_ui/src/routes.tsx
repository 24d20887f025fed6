// Every address, each page loaded when it is first asked for.
import { createBrowserRouter, Navigate } from 'react-router'
import Signed from './features/session/Signed'
import { Broken } from './ui/Broken'

const page = (load: () => Promise<{ default: React.ComponentType }>) => async () => ({ Component: (await load()).default })

export const router = createBrowserRouter([
  { path: '/signin', lazy: page(() => import('./features/session/SignIn')), ErrorBoundary: Broken, HydrateFallback: () => null },
  { path: '/rate/:token', lazy: page(() => import('./features/portal/RateByLink')), ErrorBoundary: Broken, HydrateFallback: () => null },
  {
    element: <Signed />,
    ErrorBoundary: Broken,
    HydrateFallback: () => null,
    children: [
      { path: '/', lazy: page(() => import('./features/session/Start')) },
      { path: '/tickets/:number', lazy: page(() => import('./features/portal/ToTicket')) },
      {
        path: '/p',
        lazy: page(() => import('./features/portal/Portal')),
        children: [
          { index: true, lazy: page(() => import('./features/portal/Home')) },
          { path: 'new/:type', lazy: page(() => import('./features/portal/NewTicket')) },
          { path: 'tickets', lazy: page(() => import('./features/portal/MyTickets')) },
          { path: 'tickets/:number', lazy: page(() => import('./features/portal/MyTicket')) },
          { path: 'scan', lazy: page(() => import('./features/portal/ScanCode')) },
          { path: 'me', lazy: page(() => import('./features/portal/Me')) },
          { path: 'notices', lazy: page(() => import('./features/notify/PortalNotices')) },
          { path: 'approvals', lazy: page(() => import('./features/approvals/PortalApprovals')) },
          { path: 'approvals/:task', lazy: page(() => import('./features/approvals/Approval')) },
        ],
      },
      {
        lazy: page(() => import('./ui/Frame')),
        children: [
          { path: '/work/:number?', lazy: page(() => import('./features/work/Work')) },
          { path: '/approvals', lazy: page(() => import('./features/approvals/Approvals')) },
          { path: '/approvals/:task', lazy: page(() => import('./features/approvals/Approval')) },
          { path: '/board', lazy: page(() => import('./features/board/Board')) },
          { path: '/design', lazy: page(() => import('./features/design/Types')) },
          { path: '/design/:key/compare', lazy: page(() => import('./features/design/process/CompareDraft')) },
          { path: '/design/:key', lazy: page(() => import('./features/design/OneType')) },
          { path: '/design/:key/try', lazy: page(() => import('./features/design/trial/Trial')) },
          { path: '/design/:key/versions', lazy: page(() => import('./features/design/versions/Versions')) },
          { path: '/design/:key/rules/:decision?', lazy: page(() => import('./features/design/rules/RulesEditor')) },
          { path: '/design/:key/forms/:form', lazy: page(() => import('./features/design/forms/FormDesigner')) },
          { path: '/design/:key/sla', lazy: page(() => import('./features/sla/policies/Policies')) },
          { path: '/design/:key/notifications', lazy: page(() => import('./features/sla/notices/NoticeRules')) },
          { path: '/design/:key/routing', lazy: page(() => import('./features/sla/shadows/Shadows')) },
          { path: '/calendars', lazy: page(() => import('./features/sla/calendars/Calendars')) },
          { path: '/settings', lazy: page(() => import('./features/sla/channels/Settings')) },
          { path: '/notices', lazy: page(() => import('./features/notify/WorkNotices')) },
          { path: '/running', lazy: page(() => import('./features/running/Running')) },
          { path: '/records', lazy: page(() => import('./features/records/Records')) },
          { path: '/people', lazy: page(() => import('./features/people/People')) },
        ],
      },
      { path: '*', element: <Navigate to="/" replace /> },
    ],
  },
])
