// What was tried is kept as an example of the draft: it runs at every check and deployment from now on.
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { asProblem } from '../../../api/client'
import { keepExample, type Trial } from '../../../api/trials'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'

export function Keep({ trial, told }: { trial: Trial; told: (path: string) => void }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const keep = async () => {
    setBusy(true)
    setWrong(null)
    try {
      const { path } = await keepExample(trial, name)
      setOpen(false)
      told(path)
    } catch (error) {
      const problem = asProblem(error)
      setWrong([problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        if (next && !name) setName(`tried_${trial.now.slice(0, 10).replaceAll('-', '')}`)
      }}
      content={
        <div className="col g8 trial-keep">
          <label className="col g4 t13">
            {t('tryIt.exampleName')}
            <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} onPressEnter={() => void keep()} />
          </label>
          <span className="cap">{t('tryIt.exampleWhat')}</span>
          {wrong && <Remark tone="red">{wrong}</Remark>}
          <Button type="primary" loading={busy} disabled={!name.trim()} onClick={() => void keep()}>
            {t('tryIt.keepIt')}
          </Button>
        </div>
      }
    >
      <Button>{t('tryIt.keep')}</Button>
    </Popover>
  )
}
