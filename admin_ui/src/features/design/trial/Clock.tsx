// The trial's own clock: on by an hour or a day, or to when something is due.
import { Button } from 'antd'
import { Clock3 } from 'lucide-react'
import { useState } from 'react'
import { asProblem } from '../../../api/client'
import type { Trial } from '../../../api/trials'
import { t } from '../../../i18n/t'
import { icon14, Remark } from '../../../ui/bits'
import { when } from '../../../ui/time'

type How = { by: string } | { to: string }
const STEPS = [
  { by: 'PT1H', label: 'tryIt.hour' },
  { by: 'P1D', label: 'tryIt.day' },
] as const

export function Clock({ trial, move }: { trial: Trial; move: (how: How) => Promise<void> }) {
  const [busy, setBusy] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const next = trial.waits.map(({ due }) => due).filter((due) => due > trial.now).sort()[0]
  const run = (name: string, how: How) => {
    setBusy(name)
    setWrong(null)
    void move(how)
      .catch((error: unknown) => setWrong(asProblem(error).message))
      .finally(() => setBusy(null))
  }
  return (
    <section className="trial-part" aria-label={t('tryIt.clock')}>
      <div className="row g8">
        <Clock3 {...icon14} />
        <b data-now={trial.now}>{when(trial.now)}</b>
        <span className="cap">{t('tryIt.clock')}</span>
      </div>
      <div className="row g6 wrap">
        {STEPS.map(({ by, label }) => (
          <Button key={by} size="small" loading={busy === by} onClick={() => run(by, { by })}>
            {t(label)}
          </Button>
        ))}
        {next && (
          <Button size="small" loading={busy === 'next'} onClick={() => run('next', { to: next })}>
            {t('tryIt.next', { at: when(next) })}
          </Button>
        )}
      </div>
      {wrong && <Remark tone="red">{wrong}</Remark>}
    </section>
  )
}
