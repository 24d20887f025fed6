// Sends what waits in the outbox as soon as it can, and says when it has arrived.
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useEffect } from 'react'
import { deliver } from '../../api/outbox'
import { t } from '../../i18n/t'

const AGAIN = 15_000

export function useDelivery(user: string): void {
  const client = useQueryClient()
  const { message } = App.useApp()
  useEffect(() => {
    const run = () =>
      void deliver(user, (_, number) => {
        for (const key of ['tickets', 'tasks', 'counts']) void client.invalidateQueries({ queryKey: [key] })
        void message.success(t('new.sent', { number }))
      })
    run()
    const timer = setInterval(run, AGAIN)
    addEventListener('online', run)
    document.addEventListener('visibilitychange', run)
    return () => {
      clearInterval(timer)
      removeEventListener('online', run)
      document.removeEventListener('visibilitychange', run)
    }
  }, [client, message, user])
}
