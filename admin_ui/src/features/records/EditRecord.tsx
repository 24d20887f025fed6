// The box in which a record is made, changed or removed, with its history.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { asProblem } from '../../api/client'
import { recordPath, removeRecord, useRecordHistory, type RecordRow } from '../../api/records'
import { t } from '../../i18n/t'
import { when } from '../../ui/time'
import { EditBox, Labelled } from '../people/EditBox'
import { NamesInput, type Names } from '../people/NamesInput'
import { keyOf, nameOf, type Kind, type Part } from './kinds'
import { PartInput } from './PartInput'

interface Props {
  kind: Kind
  of: RecordRow | null
  close: () => void
  fixed?: Record<string, unknown> // what is not asked for
  history?: boolean
}

export function EditRecord({ kind, of, close, fixed = {}, history = true }: Props) {
  const parts = kind.parts.filter((part) => !(part.name in fixed))
  const [key, setKey] = useState(of ? keyOf(kind, of) : '')
  const [given, setGiven] = useState<Record<string, unknown>>(() => Object.fromEntries(parts.map((part) => [part.name, of?.[part.name] ?? initial(part)])))
  const set = (name: string, value: unknown) => setGiven((before) => ({ ...before, [name]: value }))
  const save = () => {
    const asked = Object.fromEntries(Object.entries(given).filter(([name, value]) => of || value !== null || parts.find((part) => part.name === name)?.must))
    return of
      ? { method: 'PATCH' as const, path: recordPath(kind.plural, key), body: asked }
      : { method: 'POST' as const, path: recordPath(kind.plural), body: { ...fixed, ...asked, ...(kind.key === 'id' ? {} : { [kind.key]: key.trim() }) } }
  }
  return (
    <EditBox title={of ? nameOf(kind, of) : t(`records.new.${kind.kind}`)} keys={[kind.plural, 'record-history']} save={save} close={close}>
      {(errors) => (
        <>
          {!of && kind.key !== 'id' && (
            <Labelled label={t(kind.key === 'number' ? 'records.number' : 'people.key')} error={errors[kind.key]} must help={t(kind.key === 'number' ? 'records.numberWhat' : 'people.keyWhat')}>
              {(named) => <Input {...named} value={key} onChange={(event) => setKey(event.target.value)} />}
            </Labelled>
          )}
          {parts.map((part) =>
            part.asks === 'names' ? (
              <NamesInput key={part.name} value={given.names as Names} onChange={(names) => set('names', names)} error={errors.names ?? errors.name} />
            ) : (
              <Labelled key={part.name} label={t(`records.part.${part.name}`)} error={errors[part.name]} must={part.must} help={part.asks === 'types' ? t('records.typesWhat') : undefined}>
                {(named) => <PartInput part={part} named={named} value={given[part.name]} onChange={(value) => set(part.name, value)} own={of ? key : undefined} />}
              </Labelled>
            ),
          )}
          {of && <Remove kind={kind} of={of} close={close} />}
          {of && history && <History kind={kind.kind} record={key} />}
        </>
      )}
    </EditBox>
  )
}

const initial = (part: Part): unknown => (part.asks === 'names' ? {} : part.asks === 'flag' ? false : part.asks === 'words' ? [] : part.asks === 'choice' ? part.options![0] : null)

function Remove({ kind, of, close }: { kind: Kind; of: RecordRow; close: () => void }) {
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const remove = () =>
    void modal.confirm({
      title: t('records.removeAsk', { name: nameOf(kind, of) }),
      okText: t('records.remove'),
      cancelText: t('do.cancel'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await removeRecord(kind.plural, keyOf(kind, of))
          void client.invalidateQueries({ queryKey: [kind.plural] })
          close()
        } catch (error) {
          void message.error(asProblem(error).message)
        }
      },
    })
  return (
    <Button danger onClick={remove} style={{ alignSelf: 'flex-start' }}>
      {t('records.remove')}
    </Button>
  )
}

export function History({ kind, record }: { kind: string; record: string }) {
  const { data } = useRecordHistory(kind, record)
  if (!data?.items.length) return null
  return (
    <section className="col g8" aria-label={t('records.history')}>
      <h2 className="cap">{t('records.history')}</h2>
      <ul className="record-history">
        {data.items.map((one, place) => (
          <li key={place}>
            <span>{t(`records.did.${one.action}`, { who: one.actor_name })}</span> <span className="cap">{when(one.at)}</span>
            {one.action === 'changed' && <div className="cap">{Object.keys(one.changes).join(t('list.comma'))}</div>}
          </li>
        ))}
      </ul>
    </section>
  )
}
