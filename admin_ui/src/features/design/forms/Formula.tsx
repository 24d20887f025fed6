// An expression typed by hand, with the names it may use one click away.
import { Input, Select } from 'antd'
import { useRef } from 'react'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import type { PickField } from '../../../feel/condition'
import { t } from '../../../i18n/t'

export function Formula({ label, value, onChange, names }: { label: string; value: string; onChange: (text: string) => void; names: PickField[] }) {
  const area = useRef<TextAreaRef>(null)
  const insert = (name: string) => {
    const input = area.current?.resizableTextArea?.textArea
    const at = input?.selectionStart ?? value.length
    onChange(value.slice(0, at) + name + value.slice(input?.selectionEnd ?? at))
    input?.focus()
  }
  return (
    <div className="col g6">
      <Input.TextArea ref={area} className="cond-text" aria-label={label} autoSize={{ minRows: 2, maxRows: 8 }} value={value} onChange={(event) => onChange(event.target.value)} />
      {names.length > 0 && (
        <Select
          size="small"
          aria-label={t('formDesigner.insertField')}
          placeholder={t('formDesigner.insertField')}
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          onChange={(name: string | null) => name && insert(name)}
          options={names.map((one) => ({ value: one.name, label: one.label }))}
        />
      )}
    </div>
  )
}
