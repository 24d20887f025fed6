// Whether another tab of this browser has the same draft open, or has changed it meanwhile.
import { useEffect, useState } from 'react'

type Other = 'open' | 'changed' | 'sent' | null
interface Said {
  draft: string
  here?: boolean // an answer, not a question
}

export function useOtherTab(draft: string): Other {
  const [other, setOther] = useState<Other>(null)
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return
    const channel = new BroadcastChannel('banjie.drafts')
    channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data.draft !== draft) return
      setOther((before) => before ?? 'open')
      if (!data.here) channel.postMessage({ draft, here: true } satisfies Said)
    }
    channel.postMessage({ draft } satisfies Said)
    return () => channel.close()
  }, [draft])
  useEffect(() => {
    const changed = (event: StorageEvent) => {
      if (event.key === 'banjie.draft.' + draft) setOther(event.newValue ? 'changed' : 'sent')
    }
    addEventListener('storage', changed) // told by other tabs only
    return () => removeEventListener('storage', changed)
  }, [draft])
  return other
}
