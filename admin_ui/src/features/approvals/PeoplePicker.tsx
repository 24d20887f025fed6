// Choosing several people, one after the other; each can be taken off again.
import { X } from 'lucide-react'
import { t } from '../../i18n/t'
import { PersonPicker } from '../../form/controls/named'
import { icon14, IconButton, Person } from '../../ui/bits'

interface Props {
  value: string[]
  onChange: (people: string[]) => void
  most?: number
  label: string
  wrong?: boolean
  phone: boolean
}

export function PeoplePicker({ value, onChange, most = 50, label, wrong, phone }: Props) {
  return (
    <div className="col g8">
      {value.length > 0 && (
        <ul className="picked">
          {value.map((username) => (
            <li key={username} className="row g4">
              <Person of={username} />
              <IconButton label={t('approvals.takeOff', { who: username })} onClick={() => onChange(value.filter((one) => one !== username))}>
                <X {...icon14} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {value.length < most && (
        <PersonPicker
          key={value.length}
          value={null}
          aria-label={label}
          placeholder={value.length ? t('approvals.oneMore') : label}
          size={phone ? 'large' : 'middle'}
          status={wrong ? 'error' : undefined}
          onChange={(username) => username && !value.includes(username) && onChange([...value, username])}
        />
      )}
    </div>
  )
}
