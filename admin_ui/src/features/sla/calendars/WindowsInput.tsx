// Windows of a day typed in one line; what cannot be read is said and not taken.
import { Input } from 'antd'
import { useState } from 'react'
import type { Range } from '../../../api/calendars'
import { t } from '../../../i18n/t'
import { shown, typed } from './windows'

export function WindowsInput({ value, onChange, label, disabled }: { value: Range[]; onChange: (windows: Range[]) => void; label: string; disabled?: boolean }) {
  const [text, setText] = useState<string | null>(null)
  const wrong = text !== null && typed(text) === null
  return (
    <span className="col grow">
      <Input
        aria-label={label}
        placeholder={t('sla.cal.closed')}
        disabled={disabled}
        status={wrong ? 'error' : undefined}
        aria-invalid={wrong || undefined}
        value={text ?? shown(value)}
        onChange={(event) => {
          setText(event.target.value)
          const found = typed(event.target.value)
          if (found) onChange(found)
        }}
        onBlur={() => !wrong && setText(null)}
      />
      {wrong && <span className="field-error">{t('sla.cal.windowsWrong')}</span>}
    </span>
  )
}
