// Every address, each page loaded when it is first asked for.
import { createBrowserRouter, Navigate } from 'react-router'
import Signed from './features/session/Signed'
import { Broken } from './ui/Broken'

const page = (load: () => Promise<{ default: React.ComponentType }>) => async () => ({ Component: (await load()).default })

export const router = createBrowserRouter([
  { path: '/signin', lazy: page(() => import('./features/session/SignIn')), ErrorBoundary: Broken, HydrateFallback: () => null },
  {
    element: <Signed />,
    ErrorBoundary: Broken,
    HydrateFallback: () => null,
    children: [
      { path: '/', lazy: page(() => import('./features/session/Start')) },
      {
        path: '/p',
        lazy: page(() => import('./features/portal/Portal')),
        children: [
          { index: true, lazy: page(() => import('./features/portal/Home')) },
          { path: 'new/:type', lazy: page(() => import('./features/portal/NewTicket')) },
          { path: 'tickets', lazy: page(() => import('./features/portal/MyTickets')) },
          { path: 'tickets/:number', lazy: page(() => import('./features/portal/MyTicket')) },
          { path: 'me', lazy: page(() => import('./features/portal/Me')) },
          { path: 'notices', lazy: page(() => import('./features/notify/PortalNotices')) },
        ],
      },
      {
        lazy: page(() => import('./ui/Frame')),
        children: [
          { path: '/work/:number?', lazy: page(() => import('./features/work/Work')) },
          { path: '/design', lazy: page(() => import('./features/design/Types')) },
          { path: '/design/:key', lazy: page(() => import('./features/design/OneType')) },
          { path: '/design/:key/forms/:form', lazy: page(() => import('./features/design/forms/FormDesigner')) },
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
