// An asset or a ticket, found by what is typed; an asset also by the code that hangs on it.
import { Select } from 'antd'
import { ScanLine } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { findThings, useThing, type Thing } from '../../api/things'
import { t, words } from '../../i18n/t'
import { icon, IconButton } from '../../ui/bits'
import { aria, size, type ControlProps } from './props'
import { Scanner } from './Scanner'

const PAUSE = 200

export default function Things(props: ControlProps) {
  const { field, value, onChange } = props
  const kind = field.kind === 'ticket' ? 'ticket' : 'asset'
  const [found, setFound] = useState<Thing[]>([])
  const [scanning, setScanning] = useState(false)
  const timer = useRef(0)
  const chosen = useThing(kind, (value as string | null) ?? null)
  const { status, ...named } = aria(props)
  const find = (q: string) => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void findThings(kind, q).then(setFound, () => setFound([])), q ? PAUSE : 0)
  }
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const offered = chosen && !found.some((one) => one.key === chosen.key) ? [chosen, ...found] : found
  return (
    <div className="col g8">
      <div className="row g4">
        <Select
          {...named}
          status={status}
          size={size(props)}
          style={{ flex: 1, minWidth: 0 }}
          allowClear
          showSearch={{ filterOption: false, onSearch: find }}
          onOpenChange={(open) => open && !found.length && find('')}
          placeholder={words(field.placeholder) || t(kind === 'asset' ? 'form.findAsset' : 'form.findTicket')}
          notFoundContent={t('form.nothingFound')}
          value={(value as string | null) ?? undefined}
          onChange={(next?: string) => onChange(next ?? null)}
          options={offered.map((one) => ({ value: one.key, label: [one.name, one.key].filter(Boolean).join(' · ') }))}
        />
        {kind === 'asset' && (
          <IconButton className="scan-button" label={t('form.scan')} aria-expanded={scanning} onClick={() => setScanning(!scanning)}>
            <ScanLine {...icon} />
          </IconButton>
        )}
      </div>
      {scanning && (
        <Scanner
          phone={props.phone}
          close={() => setScanning(false)}
          found={(code) => {
            setScanning(false)
            onChange(assetIn(code))
          }}
        />
      )}
    </div>
  )
}

/** The asset that a code means: its own number, or the one in the address on our labels (`…?asset=…`). */
function assetIn(code: string): string {
  try {
    return new URL(code).searchParams.get('asset') ?? code
  } catch {
    return code
  }
}
