// A new ticket type: from a sample, from an empty page, or from a file of another tool.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Select, Tabs } from 'antd'
import { FileUp } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { useNavigate } from 'react-router'
import { asProblem } from '../../api/client'
import { createDraft, importFiles, type Imported } from '../../api/design'
import { useDepartments } from '../../api/queries'
import '../../form/form.css'
import { t, words } from '../../i18n/t'
import { icon14, Remark } from '../../ui/bits'
import { iconNames, typeIcon } from '../../ui/icons'
import { Labelled } from '../people/EditBox'
import { FromSample } from './FromSample'
import { IdentityFields, useIdentity } from './Identity'
import { keyFrom } from './process/manifest'
import { loadNames, namedIn } from './process/names'
import { filesOf } from './process/newType'

export function NewTypeBox({ taken, close }: { taken: string[]; close: () => void }) {
  return (
    <Drawer open onClose={close} title={t('designer.newType')} size={520} destroyOnHidden>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'sample', label: t('designer.fromSample'), children: <FromSample taken={taken} /> },
          { key: 'empty', label: t('designer.fromEmpty'), children: <Fresh taken={taken} /> },
          { key: 'import', label: t('designer.fromFile'), children: <Import /> },
        ]}
      />
    </Drawer>
  )
}

const STATUSES = ['handling', 'waiting', 'done', 'rejected'] as const

function Fresh({ taken }: { taken: string[] }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const departments = useDepartments()
  const identity = useIdentity()
  const { zh, en, prefix } = identity
  const [department, setDepartment] = useState<string | null>(null)
  const [icon, setIcon] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || !identity.whole) return
    setBusy(true)
    setWrong(null)
    try {
      await loadNames()
      const key = keyFrom(en || prefix, 'type', taken)
      const files = filesOf(
        { key, zh, en, prefix, department, icon },
        { form: namedIn('form'), title: namedIn('description'), statuses: Object.fromEntries(STATUSES.map((one) => [one, namedIn(`status.${one}`)])), process: { start: namedIn('start'), handle: namedIn('work'), end: namedIn('end') } },
      )
      await createDraft(key, files)
      void client.invalidateQueries({ queryKey: ['drafts'] })
      void navigate(`/design/${encodeURIComponent(key)}`)
    } catch (error) {
      setWrong(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <form className="nt-pane col g16" onSubmit={(event) => void submit(event)} noValidate>
      <IdentityFields {...identity} />
      <Labelled label={t('designer.department')}>
        {({ id }) => <Select id={id} allowClear placeholder={t('designer.noDepartment')} value={department ?? undefined} onChange={(next?: string) => setDepartment(next ?? null)} options={(departments.data?.items ?? []).map((one) => ({ value: one.key, label: words(one.name) || one.key }))} />}
      </Labelled>
      <div className="col g6" role="radiogroup" aria-label={t('designer.icon')}>
        <span className="field-label">{t('designer.icon')}</span>
        <div className="nt-icons">
          {iconNames.map((name) => {
            const Icon = typeIcon(name)
            return (
              <button key={name} type="button" role="radio" aria-checked={icon === name} aria-label={name} className="icon-button" onClick={() => setIcon(name)}>
                <Icon size={18} strokeWidth={1.75} aria-hidden />
              </button>
            )
          })}
        </div>
      </div>
      {wrong && <Remark tone="red">{wrong}</Remark>}
      <Button type="primary" htmlType="submit" loading={busy} disabled={!identity.whole} style={{ alignSelf: 'flex-start' }}>
        {t('designer.create')}
      </Button>
    </form>
  )
}

function Import() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const picker = useRef<HTMLInputElement>(null)
  const [done, setDone] = useState<Imported | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const take = async (files: File[]) => {
    const main = files.find((file) => /\.(bpmn|bpmn20\.xml|xml)$/i.test(file.name)) ?? files[0]
    if (!main) return
    setBusy(true)
    setWrong(null)
    try {
      setDone(await importFiles(main, files.filter((file) => file !== main)))
      void client.invalidateQueries({ queryKey: ['drafts'] })
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.findings[0]?.text ?? problem.message)
    } finally {
      setBusy(false)
    }
  }
  const open = (key: string) => void navigate(`/design/${encodeURIComponent(key)}`)
  return (
    <div className="nt-pane col g12">
      <p className="t13 ink2">{t('designer.importWhat')}</p>
      <input
        ref={picker}
        type="file"
        multiple
        accept=".bpmn,.xml,.dmn,.form,.json"
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void take(files)
        }}
      />
      <Button style={{ alignSelf: 'flex-start' }} loading={busy} icon={<FileUp {...icon14} />} onClick={() => picker.current?.click()}>
        {t('designer.pickFile')}
      </Button>
      {wrong && <Remark tone="red">{wrong}</Remark>}
      {done && (
        <>
          <Remark tone="teal">{t('designer.imported', { n: done.report.length })}</Remark>
          <ul className="col g6">
            {done.report.map((note, at) => (
              <li key={at} className="t13">
                {note.text}
              </li>
            ))}
          </ul>
          <Button type="primary" style={{ alignSelf: 'flex-start' }} onClick={() => open(done.key)}>
            {t('designer.openDraft')}
          </Button>
        </>
      )}
    </div>
  )
}
