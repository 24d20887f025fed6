// Signing in: the form on the left, the promise as one drawing on the right.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { Globe } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { asProblem } from '../../api/client'
import { sessionKey, signIn } from '../../api/queries'
import { t } from '../../i18n/t'
import { icon14, Remark } from '../../ui/bits'
import { switchLanguage } from '../../ui/language'
import { Logo } from '../../ui/mark'
import { Rope } from './Rope'
import './signin.css'

export default function SignIn() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const to = search.get('to') ?? '/'
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input')?.focus(), [])

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const given = new FormData(event.currentTarget)
    const username = String(given.get('username') ?? '').trim()
    const password = String(given.get('password') ?? '')
    const missing = !username ? 'username' : !password ? 'password' : null
    if (missing) {
      setWrong(t(`signin.missing.${missing}`))
      form.current?.querySelector<HTMLInputElement>(`[name=${missing}]`)?.focus()
      return
    }
    setBusy(true)
    setWrong(null)
    try {
      client.setQueryData(sessionKey, await signIn(username, password))
      // Only a path of our own: the address may have come from anywhere.
      void navigate(/^\/(?![/\\])/.test(to) ? to : '/', { replace: true })
    } catch (error) {
      setWrong(asProblem(error).message)
      form.current?.querySelector<HTMLInputElement>('[name=password]')?.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="signin">
      <main>
        <Logo size={30} />
        <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
          <h1>{t('signin.title')}</h1>
          <p className="ink3">{t('signin.what')}</p>
          <label htmlFor="username">{t('signin.username')}</label>
          <Input id="username" name="username" size="large" autoComplete="username" autoCapitalize="none" spellCheck={false} aria-invalid={!!wrong} aria-describedby={wrong ? 'signin-wrong' : undefined} />
          <label htmlFor="password">{t('signin.password')}</label>
          <Input.Password id="password" name="password" size="large" autoComplete="current-password" aria-invalid={!!wrong} aria-describedby={wrong ? 'signin-wrong' : undefined} />
          {wrong && (
            <div id="signin-wrong">
              <Remark tone="red">{wrong}</Remark>
            </div>
          )}
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {busy ? t('signin.busy') : t('do.signIn')}
          </Button>
        </form>
        <div>
          <button type="button" className="signin-language" onClick={() => void switchLanguage()}>
            <Globe {...icon14} />
            {t('prefs.languages')}
          </button>
        </div>
      </main>
      <aside>
        <Rope />
        <div className="signin-promise">
          <h2>{t('signin.promise')}</h2>
          <p className="ink2">{t('signin.promiseWhat')}</p>
        </div>
      </aside>
    </div>
  )
}
