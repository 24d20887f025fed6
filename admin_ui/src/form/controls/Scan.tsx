// A code from the camera, from a picture, or typed.
import { Input } from 'antd'
import { ScanLine } from 'lucide-react'
import { useState } from 'react'
import { t, words } from '../../i18n/t'
import { icon, IconButton } from '../../ui/bits'
import { aria, size, type ControlProps } from './props'
import { Scanner } from './Scanner'

export default function Scan(props: ControlProps) {
  const { field, value, onChange } = props
  const [open, setOpen] = useState(false)
  return (
    <div className="col g8">
      <div className="row g4">
        <Input {...aria(props)} size={size(props)} maxLength={field.max_length} placeholder={words(field.placeholder) || t('form.scanOrType')} value={(value as string | null) ?? ''} onChange={(event) => onChange(event.target.value)} />
        <IconButton className="scan-button" label={t('form.scan')} aria-expanded={open} onClick={() => setOpen(!open)}>
          <ScanLine {...icon} />
        </IconButton>
      </div>
      {open && (
        <Scanner
          phone={props.phone}
          close={() => setOpen(false)}
          found={(code) => {
            setOpen(false)
            onChange(code)
          }}
        />
      )}
    </div>
  )
}
