// What the reader may do at an approval, as the server says it: the two answers first, the rest quiet.
import { Button, Drawer, Dropdown } from 'antd'
import { Check, Ellipsis } from 'lucide-react'
import { useState } from 'react'
import type { Ledger, Request } from '../../api/approvals'
import { known, t } from '../../i18n/t'
import { focusFirstError } from '../../form/Form'
import type { FormState } from '../../form/useForm'
import { icon, IconButton, Remark } from '../../ui/bits'
import { remember, remembered, usePhone } from '../../ui/prefs'
import { when } from '../../ui/time'
import { Opinion, Panel, type Chosen } from './Panel'
import { useActing } from './useActing'

const ADDING = ['add_before', 'add_after', 'add_parallel']
const AT_ONCE = ['urge', 'claim', 'release', 'save']
const FIRST = ['agree', 'reject', 'return']
const QUIET = ['transfer', ...ADDING]

interface Props {
  ledger: Ledger
  form: FormState
  root: React.RefObject<HTMLElement | null>
  chosen: Chosen | null
  choose: (chosen: Chosen | null) => void
}

const label = (action: string) => known(`approvals.act.${action}`) ?? action

export function Hands({ ledger, form, root, chosen, choose }: Props) {
  const phone = usePhone()
  const kept = `opinion.${ledger.task}`
  const [comment, setText] = useState(() => remembered(kept) ?? ledger.draft?.comment ?? '')
  const acting = useActing(ledger, (problem) => {
    const placed = form.place(problem)
    if (placed) focusFirstError(root)
    return placed
  })
  const setComment = (text: string) => {
    setText(text)
    remember(kept, text || null)
  }
  const may = ledger.may
  const can = (action: string) => may.includes(action)

  const send = async (request: Request) => {
    const answers = ['agree', 'reject'].includes(request.action) && form.form.fields.length > 0
    if (answers && !form.valid()) {
      choose(null)
      acting.say(t('form.missing'))
      return focusFirstError(root)
    }
    const values = answers || request.action === 'save' ? { values: form.answers() } : {}
    if (!(await acting.run({ ...request, ...values }))) {
      // Fields that are wrong stand behind the panel.
      return
    }
    choose(null)
    if (request.action === 'save') return
    setComment('')
    if (answers) form.forget()
  }
  const press = (action: string) => {
    acting.clear()
    const written = comment.trim()
    if (AT_ONCE.includes(action)) return void send({ action, ...(action === 'save' && written && { comment: written }) })
    // On a desk the opinion stands above the button: yes is said with one press, unless something is missing.
    const ready = action === 'agree' && !phone && !ledger.asks.signature && (written || !ledger.asks.opinion)
    if (ready) return void send({ action, ...(written && { comment: written }) })
    choose({ action })
  }

  const more = may.filter((action) => !FIRST.includes(action) && (phone || !QUIET.includes(action)))
  const adding = ADDING.filter(can)
  const decides = can('agree') || can('reject')
  const panel = chosen && <Panel key={chosen.action + (chosen.seat ?? '')} ledger={ledger} chosen={chosen} comment={comment} setComment={setComment} acting={acting} send={send} close={() => choose(null)} />
  const menu = { items: more.map((key) => ({ key, label: label(key), disabled: key === 'urge' && !mayUrge(ledger) })), onClick: ({ key }: { key: string }) => press(key) }
  if (!may.length && !chosen) return null
  if (phone)
    return (
      <>
        {acting.wrong && !chosen && <Remark tone="red">{acting.wrong}</Remark>}
        <div className="hands">
          {more.length > 0 && (
            <Dropdown trigger={['click']} menu={menu} placement="topLeft">
              <Button size="large" aria-label={t('approvals.more')} icon={<Ellipsis {...icon} />} />
            </Dropdown>
          )}
          {can('reject') && (
            <Button size="large" onClick={() => press('reject')}>
              {label('reject')}
            </Button>
          )}
          {can('return') && (
            <Button size="large" onClick={() => press('return')}>
              {label('return')}
            </Button>
          )}
          {can('agree') ? (
            <Button size="large" type="primary" className="hand-first" onClick={() => press('agree')}>
              {label('agree')}
            </Button>
          ) : (
            can('urge') && (
              <Button size="large" className="hand-first" loading={acting.busy === 'urge'} disabled={!mayUrge(ledger)} onClick={() => press('urge')}>
                {urgeWord(ledger)}
              </Button>
            )
          )}
        </div>
        <Drawer open={!!chosen} onClose={() => choose(null)} placement="bottom" size="auto" title={chosen ? label(chosen.action) : ''} destroyOnHidden className="hands-drawer">
          {panel}
        </Drawer>
      </>
    )
  if (panel) return <div className="hands-desk">{panel}</div>
  return (
    <div className="hands-desk">
      {acting.wrong && <Remark tone="red">{acting.wrong}</Remark>}
      {decides && <Opinion value={comment} onChange={setComment} must={ledger.asks.opinion} error={acting.errors.comment} onEnter={can('agree') ? () => press('agree') : undefined} />}
      <div className="row g8 wrap">
        {can('agree') && (
          <Button type="primary" className="hand-first" icon={<Check {...icon} />} loading={acting.busy === 'agree'} disabled={!form.ready} onClick={() => press('agree')}>
            {acting.busy === 'agree' ? t('state.sending') : label('agree')}
          </Button>
        )}
        {can('reject') && (
          <Button danger onClick={() => press('reject')}>
            {label('reject')}
          </Button>
        )}
        {can('return') && <Button onClick={() => press('return')}>{label('return')}</Button>}
        {!decides && can('urge') && (
          <Button loading={acting.busy === 'urge'} disabled={!mayUrge(ledger)} onClick={() => press('urge')}>
            {urgeWord(ledger)}
          </Button>
        )}
        <span className="grow" />
        {can('transfer') && (
          <Button type="text" onClick={() => press('transfer')}>
            {label('transfer')}
          </Button>
        )}
        {adding.length > 0 && (
          <Dropdown trigger={['click']} placement="topRight" menu={{ items: adding.map((key) => ({ key, label: label(key) })), onClick: ({ key }) => press(key) }}>
            <Button type="text">{t('approvals.add')}</Button>
          </Dropdown>
        )}
        {more.length > 0 && (
          <Dropdown trigger={['click']} placement="topRight" menu={menu}>
            <IconButton label={t('approvals.more')}>
              <Ellipsis {...icon} />
            </IconButton>
          </Dropdown>
        )}
      </div>
    </div>
  )
}

const mayUrge = (ledger: Ledger): boolean => !ledger.urges.next || new Date(ledger.urges.next) <= new Date()

function urgeWord({ urges }: Ledger): string {
  if (urges.next && new Date(urges.next) > new Date()) return t('approvals.urgeAgain', { n: urges.count, at: when(urges.next) })
  return urges.count ? t('approvals.urgeCount', { n: urges.count }) : label('urge')
}
