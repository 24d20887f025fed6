// A channel's settings as its kind describes them; a secret that is left empty stays.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input, InputNumber, Select, Switch } from 'antd'
import { useState, type FormEvent } from 'react'
import { saveChannel, type Channel, type ChannelKind, type Setting } from '../../../api/channels'
import { asProblem } from '../../../api/client'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { Labelled } from '../../people/EditBox'

export function EditChannel({ of, kind, close }: { of: Channel | null; kind: ChannelKind; close: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [key, setKey] = useState(of?.key ?? kind.kind)
  const [name, setName] = useState(of?.name ?? kind.name)
  const [settings, setSettings] = useState<Record<string, unknown>>(() => ({ ...Object.fromEntries(kind.settings.filter((one) => one.default !== null).map((one) => [one.key, one.default])), ...of?.settings }))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setErrors({})
    setWrong(null)
    const filled = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '' && value !== null && value !== undefined))
    try {
      await saveChannel(of, of ? { name, settings: filled } : { key, kind: kind.kind, name, settings: filled })
      await client.invalidateQueries({ queryKey: ['channels'] })
      void message.success(t('sla.saved'))
      close()
    } catch (error) {
      const problem = asProblem(error)
      setErrors(Object.fromEntries(problem.errors.map((one) => [one.pointer.split('/').at(-1) ?? '', one.detail])))
      setWrong(problem.message)
    }
  }
  return (
    <Drawer open onClose={close} title={of ? of.name : kind.name} size={420} destroyOnHidden>
      <form className="col g16" onSubmit={(event) => void submit(event)} noValidate>
        <Labelled label={t('sla.channel.name')} must error={errors.name}>
          {(named) => <Input {...named} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
        </Labelled>
        {!of && (
          <Labelled label={t('sla.channel.key')} must error={errors.key} help={t('sla.channel.keyWhat')}>
            {(named) => <Input {...named} maxLength={64} value={key} onChange={(event) => setKey(event.target.value.trim())} />}
          </Labelled>
        )}
        {kind.settings.map((one) => (
          <Labelled key={one.key} label={one.label} must={one.required} error={errors[one.key]} help={one.kind === 'secret' && of?.secrets.includes(one.key) ? t('sla.channel.secretSet') : undefined}>
            {(named) => <Value named={named} setting={one} value={settings[one.key]} onChange={(value) => setSettings((before) => ({ ...before, [one.key]: value }))} />}
          </Labelled>
        ))}
        {wrong && <Remark tone="red">{wrong}</Remark>}
        <div className="row g8">
          <Button type="primary" htmlType="submit">
            {t('do.save')}
          </Button>
          <Button onClick={close}>{t('do.cancel')}</Button>
        </div>
      </form>
    </Drawer>
  )
}

function Value({ named, setting, value, onChange }: { named: { id: string; status?: 'error' }; setting: Setting; value: unknown; onChange: (value: unknown) => void }) {
  if (setting.kind === 'boolean') return <Switch id={named.id} checked={!!value} onChange={onChange} style={{ alignSelf: 'flex-start' }} />
  if (setting.kind === 'number') return <InputNumber {...named} style={{ width: '100%' }} value={value as number | null} onChange={onChange} />
  if (setting.kind === 'choice') return <Select {...named} value={value as string} onChange={onChange} options={setting.choices.map((one) => ({ value: one, label: one }))} />
  if (setting.kind === 'secret') return <Input.Password {...named} autoComplete="new-password" value={(value as string) ?? ''} onChange={(event) => onChange(event.target.value)} />
  return <Input {...named} autoComplete="off" value={(value as string) ?? ''} onChange={(event) => onChange(event.target.value)} />
}
