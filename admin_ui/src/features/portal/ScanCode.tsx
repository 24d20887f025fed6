// `/p/scan`: the camera looks for a printed code and opens what it names.
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Scanner } from '../../form/controls/Scanner'
import '../../form/form.css'
import { t } from '../../i18n/t'
import { icon18, IconButton, Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'

const FORM = /^\/p\/new\/[^/]+$/

/** The form that a printed code opens, whatever address it was printed for; null for any other code. */
export function placeOf(code: string): string | null {
  try {
    const { pathname, search } = new URL(code)
    return FORM.test(pathname) ? pathname + search : null
  } catch {
    return null
  }
}

export default function ScanCode() {
  const navigate = useNavigate()
  const phone = usePhone()
  const [strange, setStrange] = useState(0)
  const found = (code: string) => {
    const place = placeOf(code)
    if (place) void navigate(place, { replace: true })
    else setStrange((n) => n + 1)
  }
  return (
    <main className="portal-main narrow col g16">
      <div className="row g4">
        <IconButton label={t('do.back')} onClick={() => void navigate('/p')}>
          <ArrowLeft {...icon18} />
        </IconButton>
        <h1>{t('portal.scan')}</h1>
      </div>
      <p className="ink2">{t('portal.scanWhat')}</p>
      {strange > 0 && <Remark tone="amber">{t('portal.strangeCode')}</Remark>}
      <div className="card p16">
        <Scanner key={strange} phone={phone} found={found} close={() => void navigate('/p')} />
      </div>
    </main>
  )
}
