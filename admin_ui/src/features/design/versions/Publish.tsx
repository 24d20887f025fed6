// The draft becomes the newest version; what it came to: what changed, the examples that ran, the warnings.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Popover } from 'antd'
import { CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import { asProblem, type Problem } from '../../../api/client'
import { publish } from '../../../api/design'
import type { Deployed } from '../../../api/types'
import { versionsChanged } from '../../../api/versions'
import { t } from '../../../i18n/t'
import { icon14 } from '../../../ui/bits'

export function Publish({ typeKey }: { typeKey: string }) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<Deployed | Problem | null>(null)
  const run = async () => {
    setBusy(true)
    setResult(await publish(typeKey).catch(asProblem))
    setBusy(false)
    void versionsChanged(client)
  }
  return (
    <Popover open={result !== null} onOpenChange={(open) => !open && setResult(null)} trigger="click" placement="bottomRight" content={result && <Result of={result} />}>
      <Button type="primary" loading={busy} onClick={() => void run()}>
        {t('versions.publish')}
      </Button>
    </Popover>
  )
}

function Result({ of }: { of: Deployed | Problem }) {
  const findings = of.findings
  return (
    <div className="publish-result col g8" role="status">
      {of instanceof Error ? (
        <b className="row g6 tone-red">
          <CircleX {...icon14} className="fg" />
          {of.title}
        </b>
      ) : (
        <>
          <b className="row g6 tone-teal">
            <CircleCheck {...icon14} className="fg" />
            {t(of.created ? 'design.deployed' : 'design.identical', { version: of.version })}
          </b>
          {of.created && <span className="t13">{t('versions.changed', { n: of.changes.length })}</span>}
          <span className="t13">{of.examples.length ? t('versions.examples', { n: of.examples.length, names: of.examples.join(t('list.comma')) }) : t('versions.noExamples')}</span>
        </>
      )}
      {of instanceof Error && !findings.length && <p className="t13">{of.message}</p>}
      <ul className="col g4 t13">
        {findings.map((one, place) => (
          <li key={place} className={one.severity === 'error' ? 'tone-red' : 'tone-amber'}>
            <span className="fg">{t(one.severity === 'error' ? 'versions.wrong' : 'versions.beware')}</span> {one.text}
          </li>
        ))}
      </ul>
    </div>
  )
}
