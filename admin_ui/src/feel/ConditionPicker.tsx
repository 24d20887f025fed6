// A condition picked as field, operator and value, nested as wanted; what is more than that is shown and kept as text.
import { Button, Input, Select } from 'antd'
import { ListPlus, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { t } from '../i18n/t'
import { icon14, IconButton } from '../ui/bits'
import { groupOf, type Condition, type Group, type PickField, type Test } from './condition'
import './feel.css'
import { read } from './read'
import { TestRow } from './TestRow'
import { write } from './write'

const DEEPEST = 3

interface Props {
  value: string // FEEL without a leading `=`; empty: no condition
  onChange: (text: string) => void
  fields: PickField[]
  label: string // says for screen readers what the condition decides
}

export function ConditionPicker({ value, onChange, fields, label }: Props) {
  // What is half picked has no text yet, so it is held here until the text comes from elsewhere (undo, another field).
  const [held, setHeld] = useState<{ text: string; group: Group | null }>(() => ({ text: value, group: read(value, fields) }))
  const now = held.text === value ? held : { text: value, group: read(value, fields) }
  if (now !== held) setHeld(now)
  const change = (group: Group) => {
    const text = write(group)
    setHeld({ text, group })
    if (text !== value) onChange(text)
  }
  return (
    <div className="cond-frame" role="group" aria-label={label}>
      {now.group ? <GroupEditor of={now.group} onChange={change} fields={fields} depth={1} /> : <ByHand value={value} onChange={onChange} label={label} />}
    </div>
  )
}

/** A text that the pickers cannot say: shown as it is, and theirs again when it is emptied. */
function ByHand({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) {
  return (
    <div className="cond">
      <Input.TextArea className="cond-text" aria-label={label} autoSize={{ minRows: 2, maxRows: 8 }} value={value} onChange={(event) => onChange(event.target.value)} />
      <span className="cap">{t('feel.byHand')}</span>
      <Button size="small" style={{ alignSelf: 'flex-start' }} onClick={() => onChange('')}>
        {t('feel.startOver')}
      </Button>
    </div>
  )
}

interface GroupProps {
  of: Group
  onChange: (group: Group) => void
  fields: PickField[]
  depth: number
  remove?: () => void
}

const JOINS = { 'and': 'feel.all', 'or': 'feel.any', 'not-and': 'feel.notAll', 'not-or': 'feel.none' } as const

function GroupEditor({ of, onChange, fields, depth, remove }: GroupProps) {
  const put = (place: number, item: Condition) => onChange({ ...of, items: of.items.map((one, at) => (at === place ? item : one)) })
  const drop = (place: number) => onChange({ ...of, items: of.items.filter((_, at) => at !== place) })
  const fresh = (): Test => ({ is: 'test', field: '', operator: '=', value: null })
  const add = (item: Condition) => onChange({ ...of, items: [...of.items, item] })
  return (
    <div className="cond">
      {(of.items.length > 1 || of.not || remove) && (
        <div className="row apart g8">
          <Select
            size="small"
            aria-label={t('feel.join')}
            style={{ width: 168 }}
            value={`${of.not ? 'not-' : ''}${of.join}` as keyof typeof JOINS}
            onChange={(next) => onChange({ ...of, not: next.startsWith('not-'), join: next.endsWith('or') ? 'or' : 'and' })}
            options={(Object.keys(JOINS) as (keyof typeof JOINS)[]).map((join) => ({ value: join, label: t(JOINS[join]) }))}
          />
          {remove && (
            <IconButton label={t('feel.removeGroup')} onClick={remove}>
              <Trash2 {...icon14} />
            </IconButton>
          )}
        </div>
      )}
      {of.items.map((item, place) =>
        item.is === 'group' ? (
          <GroupEditor key={place} of={item} onChange={(next) => put(place, next)} fields={fields} depth={depth + 1} remove={() => drop(place)} />
        ) : (
          <TestRow key={place} of={item} place={place} onChange={(next) => put(place, next)} fields={fields} remove={() => drop(place)} />
        ),
      )}
      <div className="row g8 wrap">
        <Button type="link" size="small" icon={<Plus {...icon14} />} onClick={() => add(fresh())}>
          {t('feel.add')}
        </Button>
        {of.items.length > 0 && depth < DEEPEST && (
          <Button type="text" size="small" icon={<ListPlus {...icon14} />} onClick={() => add(groupOf([fresh()], of.join === 'and' ? 'or' : 'and'))}>
            {t('feel.addGroup')}
          </Button>
        )}
      </div>
    </div>
  )
}
