import { Checkbox, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useDepartments, useGroups, useRoles } from '../../api/queries'
import type { Person } from '../../api/types'
import { known, t, words } from '../../i18n/t'
import { PersonPicker } from '../../form/controls/named'
import { History } from '../records/EditRecord'
import { EditBox, Labelled } from './EditBox'
import { WorkOf } from './WorkOf'

export function EditPerson({ of, close }: { of: Person | null; close: () => void }) {
  const [given, setGiven] = useState({
    username: of?.username ?? '',
    name: of?.name ?? '',
    password: '',
    roles: of?.roles ?? ['requester'],
    groups: of?.groups ?? [],
    department: of?.department ?? null,
    manager: of?.manager ?? null,
    email: of?.email ?? null,
    phone: of?.phone ?? null,
    time_zone: of?.time_zone ?? 'Asia/Shanghai',
    skills: (of?.skills ?? {}) as Record<string, number>,
    capacity: of?.capacity ?? null,
    place: of?.place ?? null,
    customer: of?.customer ?? null,
    active: of?.active !== false,
  })
  const set = (part: Partial<typeof given>) => setGiven((before) => ({ ...before, ...part }))
  const roles = useRoles()
  const groups = useGroups()
  const departments = useDepartments()
  const save = () => {
    const { username, password, active, ...rest } = given
    const secret = password ? { password } : {}
    return of
      ? { method: 'PATCH' as const, path: `/users/${encodeURIComponent(of.username)}`, body: { ...rest, ...secret, active } }
      : { method: 'POST' as const, path: '/users', body: { username: username.trim(), ...rest, ...secret } }
  }
  return (
    <EditBox title={of ? of.name : t('people.new.users')} keys={['users', 'groups', 'name', 'record-history']} save={save} close={close}>
      {(errors) => (
        <>
          {!of && (
            <Labelled label={t('people.username')} error={errors.username} must help={t('people.usernameWhat')}>
              {(named) => <Input {...named} autoCapitalize="none" autoComplete="off" value={given.username} onChange={(event) => set({ username: event.target.value })} />}
            </Labelled>
          )}
          <Labelled label={t('people.name')} error={errors.name} must>
            {(named) => <Input {...named} autoComplete="off" value={given.name} onChange={(event) => set({ name: event.target.value })} />}
          </Labelled>
          <Labelled label={of ? t('people.newPassword') : t('signin.password')} error={errors.password} help={of ? t('people.keepPassword') : undefined}>
            {(named) => <Input.Password {...named} autoComplete="new-password" value={given.password} onChange={(event) => set({ password: event.target.value })} />}
          </Labelled>
          <Labelled label={t('people.roles')} error={errors.roles}>
            {({ id }) => (
              <Checkbox.Group
                className="people-roles"
                name={id}
                value={given.roles}
                onChange={(next) => set({ roles: next as string[] })}
                options={(roles.data?.items ?? []).map((role) => ({ value: role.key, label: words(role.name) || known(`role.${role.key}`) || role.key }))}
              />
            )}
          </Labelled>
          <Labelled label={t('people.groups')} error={errors.groups}>
            {(named) => <Select {...named} mode="multiple" style={{ width: '100%' }} value={given.groups} onChange={(next: string[]) => set({ groups: next })} options={(groups.data?.items ?? []).map((group) => ({ value: group.key, label: words(group.name) || group.key }))} />}
          </Labelled>
          <Labelled label={t('people.department')} error={errors.department}>
            {(named) => <Select {...named} allowClear style={{ width: '100%' }} value={given.department ?? undefined} onChange={(next?: string) => set({ department: next ?? null })} options={(departments.data?.items ?? []).map((one) => ({ value: one.key, label: words(one.name) || one.key }))} />}
          </Labelled>
          <Labelled label={t('people.manager')} error={errors.manager}>
            {(named) => <PersonPicker {...named} value={given.manager} onChange={(manager) => set({ manager })} />}
          </Labelled>
          <WorkOf given={given} set={set} errors={errors} />
          {of && (
            <Labelled label={t('people.active')} error={errors.active} help={t('people.activeWhat')}>
              {({ id }) => (
                <span>
                  <Switch id={id} checked={given.active} onChange={(active) => set({ active })} />
                </span>
              )}
            </Labelled>
          )}
          {of && <History kind="user" record={of.username} />}
        </>
      )}
    </EditBox>
  )
}
