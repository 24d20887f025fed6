// Which status the ticket takes here; a missing one is made on the spot.
import { Button, Input } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { together } from '../../../bpmn/commands'
import type { Drawn } from '../../../bpmn/parts'
import { propertiesOf, setProperties } from '../../../bpmn/settings'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'
import { useDesk } from './context'
import { statusChoices } from './facts'
import { AsWritten, Picker, Question } from './Fields'
import { CATEGORIES, keyFrom, withStatus, type StatusCategory } from './manifest'

const MANIFEST = 'package.toml'

export function StatusQuestion({ of }: { of: Drawn }) {
  const { part, facts } = useDesk()
  const [making, setMaking] = useState(false)
  const status = propertiesOf(of).status ?? ''
  const set = (next: string | null) => setProperties(part, of, { status: next })
  return (
    <Question label={t('designer.status')} help={t('designer.statusHelp')}>
      {status.startsWith('=') ? (
        <AsWritten label={t('designer.status')} value={status} onChange={set} />
      ) : (
        <div className="row g6">
          <Picker label={t('designer.status')} allowClear placeholder={t('designer.statusSame')} value={status || undefined} onChange={(next?: string) => set(next ?? null)} options={statusChoices(facts)} />
          <Button aria-label={t('designer.newStatus')} title={t('designer.newStatus')} aria-expanded={making} icon={<Plus {...icon14} />} onClick={() => setMaking(!making)} />
        </div>
      )}
      {making && <NewStatus of={of} done={() => setMaking(false)} />}
    </Question>
  )
}

function NewStatus({ of, done }: { of: Drawn; done: () => void }) {
  const { part, facts, texts, write } = useDesk()
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const [category, setCategory] = useState<StatusCategory>('open')
  const make = () => {
    const key = keyFrom(en, category, (facts.manifest?.statuses ?? []).map((one) => one.key))
    together(part, () => {
      write(MANIFEST, withStatus(texts[MANIFEST] ?? '', { key, category, label: { 'zh-CN': zh || en, en: en || zh } }))
      setProperties(part, of, { status: key })
    })
    done()
  }
  return (
    <div className="pd-box">
      <Input lang="zh-CN" aria-label={`${t('designer.newStatus')} · ${t('formDesigner.language.zh-CN')}`} placeholder={t('formDesigner.language.zh-CN')} value={zh} onChange={(event) => setZh(event.target.value)} />
      <Input lang="en" aria-label={`${t('designer.newStatus')} · ${t('formDesigner.language.en')}`} placeholder={t('formDesigner.language.en')} value={en} onChange={(event) => setEn(event.target.value)} />
      <Picker<StatusCategory> label={t('designer.category')} value={category} onChange={setCategory} options={CATEGORIES.map((one) => ({ value: one, label: t(`designer.category.${one}`) }))} />
      <Button type="primary" ghost disabled={!zh && !en} onClick={make}>
        {t('designer.add')}
      </Button>
    </div>
  )
}
