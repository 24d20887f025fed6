// A new ticket type as a copy of a sample: choose one by its picture, say what the copy is called.
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import { useNavigate } from 'react-router'
import { asProblem } from '../../api/client'
import { copySample, useSamples } from '../../api/design'
import { t, words } from '../../i18n/t'
import { Remark } from '../../ui/bits'
import { typeIcon } from '../../ui/icons'
import { IdentityFields, useIdentity } from './Identity'
import { keyFrom } from './process/manifest'

const Diagram = lazy(() => import('../../bpmn/Diagram'))

export function FromSample({ taken }: { taken: string[] }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: samples, error } = useSamples()
  const identity = useIdentity()
  const [chosen, setChosen] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const sample = samples?.find((one) => one.key === chosen) ?? samples?.[0]
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || !identity.whole || !sample) return
    setBusy(true)
    setWrong(null)
    try {
      const { zh, en, prefix } = identity
      const key = keyFrom(en || prefix, 'type', taken)
      await copySample(sample.key, { key, prefix, name: { 'zh-CN': zh || en, en: en || zh } })
      void client.invalidateQueries({ queryKey: ['drafts'] })
      void navigate(`/design/${encodeURIComponent(key)}`)
    } catch (failed) {
      const problem = asProblem(failed)
      setWrong(problem.errors[0]?.detail ?? problem.message)
      setBusy(false)
    }
  }
  if (error) return <Remark tone="red">{asProblem(error).message}</Remark>
  if (!samples || !sample) return null
  return (
    <form className="nt-pane col g16" onSubmit={(event) => void submit(event)} noValidate>
      <div className="nt-samples" role="radiogroup" aria-label={t('designer.sample')}>
        {samples.map((one) => {
          const Icon = typeIcon(one.icon)
          return (
            <label key={one.key} className="nt-sample" data-chosen={one.key === sample.key || undefined}>
              <input type="radio" name="sample" className="unseen" checked={one.key === sample.key} onChange={() => setChosen(one.key)} />
              <Icon size={18} strokeWidth={1.75} aria-hidden />
              <span className="col">
                <b className="t13">{words(one.name)}</b>
                <span className="cap">{words(one.description)}</span>
              </span>
            </label>
          )
        })}
      </div>
      <div className="nt-picture">
        <Suspense fallback={null}>
          <Diagram key={sample.key} xml={sample.process} label={t('designer.samplePicture', { name: words(sample.name) })} padding={[12, 12, 12, 12]} />
        </Suspense>
      </div>
      <IdentityFields {...identity} />
      {wrong && <Remark tone="red">{wrong}</Remark>}
      <Button type="primary" htmlType="submit" loading={busy} disabled={!identity.whole} style={{ alignSelf: 'flex-start' }}>
        {t('designer.create')}
      </Button>
    </form>
  )
}
