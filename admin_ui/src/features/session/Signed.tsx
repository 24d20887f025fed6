// Everything below needs somebody signed in; nobody is sent to the sign-in page and back again.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { asProblem, onSignedOut } from '../../api/client'
import { listen } from '../../api/live'
import { sessionKey, useSession } from '../../api/queries'
import { Failed } from '../../ui/bits'

export default function Signed() {
  const client = useQueryClient()
  const { pathname, search } = useLocation()
  const { data, error, isPending, refetch } = useSession()
  const signedIn = !!data
  useEffect(() => onSignedOut(() => client.setQueryData(sessionKey, null)), [client])
  useEffect(() => (signedIn ? listen(client) : undefined), [client, signedIn])
  if (isPending) return null
  if (error && asProblem(error).status !== 401) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Navigate to={'/signin?' + new URLSearchParams({ to: pathname + search }).toString()} replace />
  return <Outlet />
}
