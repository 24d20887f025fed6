// What belongs to the person: language, light or dark, sign out.
import { useQueryClient } from '@tanstack/react-query'
import { App, Dropdown, type MenuProps } from 'antd'
import type { ReactElement } from 'react'
import { useNavigate } from 'react-router'
import { asProblem } from '../api/client'
import { forgetKept } from '../api/offline'
import { sessionKey, signOut, useMe } from '../api/queries'
import { t } from '../i18n/t'
import { chooseMode, useModeChoice, type ModeChoice } from './prefs'
import { switchLanguage } from './language'

const MODES: ModeChoice[] = ['auto', 'light', 'dark']

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  return async () => {
    try {
      await signOut()
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status !== 401) return void message.error(problem.message)
    }
    forgetKept()
    client.clear()
    client.setQueryData(sessionKey, null)
    void navigate('/signin')
  }
}

export const worksHere = (roles: string[]) => roles.some((role) => role !== 'requester')

export function PersonMenu({ children, portal }: { children: ReactElement; portal?: boolean }) {
  const { user } = useMe()
  const navigate = useNavigate()
  const out = useSignOut()
  const mode = useModeChoice()
  const items: MenuProps['items'] = [
    { key: 'who', label: user.name, disabled: true },
    { type: 'divider' },
    ...(portal ? (worksHere(user.roles) ? [{ key: '/work', label: t('nav.toWork') }] : []) : [{ key: '/p', label: t('nav.toPortal') }]),
    { key: 'mode', label: t('prefs.mode'), children: MODES.map((key) => ({ key: 'mode:' + key, label: t(`prefs.mode.${key}`) })) },
    { key: 'language', label: t('prefs.language') },
    { type: 'divider' },
    { key: 'out', label: t('do.signOut') },
  ]
  const choose = ({ key }: { key: string }) => {
    if (key.startsWith('mode:')) chooseMode(key.slice(5) as ModeChoice)
    else if (key === 'language') void switchLanguage()
    else if (key === 'out') void out()
    else void navigate(key)
  }
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: choose, selectable: true, selectedKeys: ['mode:' + mode] }}>
      {children}
    </Dropdown>
  )
}
