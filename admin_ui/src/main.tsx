import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import 'antd/dist/reset.css'
import type { Locale } from 'antd/es/locale'
import dayjs from 'dayjs'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { asProblem } from './api/client'
import { chosenLanguage, language, t, loadLanguage } from './i18n/t'
import { router } from './routes'
import './ui/base.css'
import { onLanguage } from './ui/language'
import { paint, useMode } from './ui/prefs'
import { antdTheme } from './ui/theme'

const locales = {
  'zh-CN': async () => {
    await import('dayjs/locale/zh-cn')
    dayjs.locale('zh-cn')
    return (await import('antd/locale/zh_CN')).default
  },
  en: async () => {
    dayjs.locale('en')
    return (await import('antd/locale/en_US')).default
  },
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      networkMode: 'always', // without a network some answers are kept (api/offline.ts), and the rest says so
      retry: (count, error) => count < 2 && (asProblem(error).status === 0 || asProblem(error).status >= 500),
      refetchOnWindowFocus: true,
    },
  },
})

// A page whose part was replaced by a newer release is loaded once more, whole.
addEventListener('vite:preloadError', (event) => {
  if (!navigator.onLine) return // nothing would come
  const last = Number(sessionStorage.getItem('banjie.reloaded') ?? 0)
  if (Date.now() - last < 30_000) return
  sessionStorage.setItem('banjie.reloaded', String(Date.now()))
  event.preventDefault()
  location.reload()
})

function Root({ first }: { first: Locale }) {
  const mode = useMode()
  const [locale, setLocale] = useState({ locale: first, language: language() })
  useEffect(() => {
    onLanguage(() => void locales[language()]().then((next) => {
      client.clear() // what the server said was said in the other language
      document.title = t('app.name')
      setLocale({ locale: next, language: language() })
    }))
  }, [])
  return (
    <ConfigProvider key={locale.language} locale={locale.locale} theme={antdTheme(mode)} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
      <App component={false}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}

async function start() {
  paint()
  await loadLanguage(chosenLanguage() ?? 'zh-CN', false)
  document.title = t('app.name')
  const first = await locales[language()]()
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <Root first={first} />
    </StrictMode>,
  )
}

void start()
