// People, groups and departments, for administrators.
import { Button, Input, Tabs } from 'antd'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Plural, RecordRow } from '../../api/records'
import { useDepartments, useGroups, usePeople, useRoles } from '../../api/queries'
import type { Department, Group, Person } from '../../api/types'
import { known, t, words } from '../../i18n/t'
import { Chip, Empty, Failed, icon14, Loading, Name } from '../../ui/bits'
import { Bar, PlusIcon } from '../../ui/Frame'
import { EditRecord } from '../records/EditRecord'
import { ImportBox } from '../records/ImportBox'
import { KINDS } from '../records/kinds'
import { RecordList } from '../records/RecordList'
import '../records/records.css'
import { EditDepartment } from './EditDepartment'
import { EditGroup } from './EditGroup'
import { EditPerson } from './EditPerson'
import './people.css'

type Kind = 'users' | 'groups' | 'departments'
const TIMES: Plural[] = ['skills', 'shifts', 'absences']
type Editing = { kind: 'users'; of: Person | null } | { kind: 'groups'; of: Group | null } | { kind: 'departments'; of: Department | null }

export default function People() {
  const [search, setSearch] = useSearchParams()
  const plural = TIMES.find((one) => one === search.get('show'))
  const kind = (['users', 'groups', 'departments'] as Kind[]).find((one) => one === search.get('show')) ?? 'users'
  const [editing, setEditing] = useState<Editing | null>(null)
  const [record, setRecord] = useState<{ of: RecordRow | null } | null>(null)
  const [importing, setImporting] = useState(false)
  const close = () => setEditing(null)
  return (
    <>
      <Bar
        title={<h1>{t('nav.people')}</h1>}
        tools={
          <Button type="primary" size="small" icon={<PlusIcon />} onClick={() => (plural ? setRecord({ of: null }) : setEditing({ kind, of: null }))}>
            {plural ? t(`records.new.${KINDS[plural].kind}`) : t(`people.new.${kind}`)}
          </Button>
        }
      />
      <div className="page" tabIndex={0} role="region" aria-label={t('nav.people')}>
        <div className="page-inner">
          <Tabs
            activeKey={plural ?? kind}
            onChange={(next) => setSearch(next === 'users' ? {} : { show: next }, { replace: true })}
            items={[
              { key: 'users', label: t('people.users'), children: kind === 'users' && <Users edit={(of) => setEditing({ kind: 'users', of })} /> },
              { key: 'groups', label: t('people.groups'), children: kind === 'groups' && <Groups edit={(of) => setEditing({ kind: 'groups', of })} /> },
              { key: 'departments', label: t('people.departments'), children: kind === 'departments' && <Departments edit={(of) => setEditing({ kind: 'departments', of })} /> },
              ...TIMES.map((one) => ({
                key: one,
                label: t(`records.many.${one}`),
                children: plural === one && (
                  <>
                    <div className="record-tools">
                      <Button size="small" onClick={() => setImporting(true)}>
                        {t('records.import')}
                      </Button>
                    </div>
                    <RecordList kind={KINDS[one]} edit={(of) => setRecord({ of })} />
                  </>
                ),
              })),
            ]}
          />
        </div>
      </div>
      {plural && record && <EditRecord kind={KINDS[plural]} of={record.of} close={() => setRecord(null)} />}
      {plural && importing && <ImportBox kind={KINDS[plural]} close={() => setImporting(false)} />}
      {editing?.kind === 'users' && <EditPerson of={editing.of} close={close} />}
      {editing?.kind === 'groups' && <EditGroup of={editing.of} close={close} />}
      {editing?.kind === 'departments' && <EditDepartment of={editing.of} close={close} />}
    </>
  )
}

function Users({ edit }: { edit: (person: Person) => void }) {
  const [q, setQ] = useState('')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePeople(q)
  const roles = useRoles()
  const groups = useGroups()
  const departments = useDepartments()
  const people = data?.pages.flatMap((page) => page.items)
  const role = (key: string) => words(roles.data?.items.find((one) => one.key === key)?.name) || known(`role.${key}`) || key
  const group = (key: string) => words(groups.data?.items.find((one) => one.key === key)?.name) || key
  const department = (key: string | null | undefined) => words(departments.data?.items.find((one) => one.key === key)?.name) || key
  return (
    <div className="col g12 tab-body">
      <Input type="search" className="people-search" aria-label={t('people.find')} placeholder={t('people.find')} prefix={<Search {...icon14} />} value={q} onChange={(event) => setQ(event.target.value)} allowClear />
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : !people ? (
        <Loading />
      ) : !people.length ? (
        <div className="card">
          <Empty title={t('people.none')} />
        </div>
      ) : (
        <div className="card">
          <table className="table cards">
            <thead>
              <tr>
                <th>{t('people.name')}</th>
                <th>{t('people.username')}</th>
                <th>{t('people.department')}</th>
                <th>{t('people.roles')}</th>
                <th>{t('people.groups')}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.username}>
                  <td>
                    <button type="button" className="link" onClick={() => edit(person)}>
                      {person.name}
                    </button>
                    {person.active === false && <Chip>{t('people.inactive')}</Chip>}
                  </td>
                  <td data-label={t('people.username')}>{person.username}</td>
                  <td data-label={t('people.department')}>{department(person.department)}</td>
                  <td data-label={t('people.roles')}>{person.roles?.map(role).join(t('list.comma'))}</td>
                  <td data-label={t('people.groups')}>{person.groups?.map(group).join(t('list.comma'))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('do.more')}
        </Button>
      )}
    </div>
  )
}

function Groups({ edit }: { edit: (group: Group) => void }) {
  const { data, error, refetch } = useGroups()
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div className="card tab-card">
      <table className="table cards">
        <thead>
          <tr>
            <th>{t('people.name')}</th>
            <th>{t('people.key')}</th>
            <th>{t('people.members')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((group) => (
            <tr key={group.key}>
              <td>
                <button type="button" className="link" onClick={() => edit(group)}>
                  {words(group.name) || group.key}
                </button>
              </td>
              <td data-label={t('people.key')}>{group.key}</td>
              <td data-label={t('people.members')}>{group.members ? t('people.count', { n: group.members.length }) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!data.items.length && <Empty title={t('people.noGroups')} />}
    </div>
  )
}

function Departments({ edit }: { edit: (department: Department) => void }) {
  const { data, error, refetch } = useDepartments()
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  const name = (key: string | null | undefined) => words(data.items.find((one) => one.key === key)?.name) || key
  return (
    <div className="card tab-card">
      <table className="table cards">
        <thead>
          <tr>
            <th>{t('people.name')}</th>
            <th>{t('people.key')}</th>
            <th>{t('people.parent')}</th>
            <th>{t('people.head')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((department) => (
            <tr key={department.key}>
              <td>
                <button type="button" className="link" onClick={() => edit(department)}>
                  {words(department.name) || department.key}
                </button>
              </td>
              <td data-label={t('people.key')}>{department.key}</td>
              <td data-label={t('people.parent')}>{name(department.parent)}</td>
              <td data-label={t('people.head')}>{department.head && <Name of={department.head} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!data.items.length && <Empty title={t('people.noDepartments')} />}
    </div>
  )
}
