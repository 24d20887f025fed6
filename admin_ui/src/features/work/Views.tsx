// Saved views: lists under a name, the person's own and those that others share.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Popover, Select } from 'antd'
import { Bookmark, BookmarkPlus, X } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { asProblem } from '../../api/client'
import { useGroups, useMe } from '../../api/queries'
import { dropView, keepView, useViews, viewsKey } from '../../api/workspace'
import { t, words } from '../../i18n/t'
import { icon, icon14, IconButton } from '../../ui/bits'
import { write, type Filter } from './filters'

export function Views({ filter, onChosen }: { filter: Filter; onChosen?: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const views = useViews().data?.items
  if (!views?.length) return null
  const here = write(filter).slice(1)
  const drop = async (id: string) => {
    try {
      await dropView(id)
      await client.invalidateQueries({ queryKey: viewsKey })
    } catch (error) {
      void message.error(asProblem(error).message)
    }
  }
  return (
    <div>
      <div className="cap">{t('work.views')}</div>
      {views.map((view) => (
        <span key={view.id} className="view-line">
          <Link to={'/work' + (view.query ? '?' + view.query : '')} aria-current={view.query === here && here ? 'page' : undefined} onClick={onChosen} title={view.shared ? t('work.sharedBy', { who: view.owner_name }) : undefined}>
            <Bookmark {...icon} />
            <span className="cut">{view.name}</span>
          </Link>
          {view.mine && (
            <IconButton label={t('work.dropView', { name: view.name })} onClick={() => void drop(view.id)}>
              <X {...icon14} />
            </IconButton>
          )}
        </span>
      ))}
    </div>
  )
}

export function KeepView({ filter }: { filter: Filter }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { user, permissions } = useMe()
  const groups = useGroups().data?.items
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState('')
  const nameOf = (key: string) => words(groups?.find((one) => one.key === key)?.name) || key
  const choices = [
    { value: '', label: t('work.private') },
    ...user.groups.map((key) => ({ value: 'group:' + key, label: t('work.shareWith', { who: nameOf(key) }) })),
    ...(permissions.includes('share_with_all') ? [{ value: 'all', label: t('work.shareAll') }] : []),
  ]
  const keep = async () => {
    try {
      await keepView({ name: name.trim(), query: write(filter).slice(1), shared: shared || null })
      await client.invalidateQueries({ queryKey: viewsKey })
      setOpen(false)
      setName('')
    } catch (error) {
      const problem = asProblem(error)
      void message.error(problem.errors[0]?.detail ?? problem.message)
    }
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={
        <form
          className="narrow-box"
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim()) void keep()
          }}
        >
          <span className="t12">{t('work.viewName')}</span>
          <Input aria-label={t('work.viewName')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
          <Select aria-label={t('work.shareWhom')} value={shared} onChange={setShared} options={choices} />
          <Button type="primary" htmlType="submit" disabled={!name.trim()}>
            {t('do.save')}
          </Button>
        </form>
      }
    >
      <IconButton label={t('work.keepView')}>
        <BookmarkPlus {...icon} />
      </IconButton>
    </Popover>
  )
}
