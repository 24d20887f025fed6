// Publishing: everything is saved and checked first; then what came of it, and what changed.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { asProblem } from '../../../api/client'
import { publish } from '../../../api/design'
import { checkDraft, draftChanged } from '../../../api/drafts'
import type { Deployed, Finding } from '../../../api/types'
import { t } from '../../../i18n/t'
import { Loading, Remark } from '../../../ui/bits'
import type { DraftFiles } from '../forms/useDraftFiles'
import { Findings } from '../Upload'
import { ChangeList } from './ChangeList'

export function Publish({ typeKey, files, close }: { typeKey: string; files: DraftFiles; close: () => void }) {
  const client = useQueryClient()
  const [done, setDone] = useState<Deployed | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [refused, setRefused] = useState<Finding[] | null>(null)
  const [busy, setBusy] = useState(false)
  const { state, save } = files
  useEffect(() => {
    if (state === 'unsaved') save()
  }, [state, save])
  const check = useQuery({ queryKey: ['drafts', typeKey, 'publishing', files.draft?.rev], queryFn: () => checkDraft(typeKey), enabled: state === 'saved' && !done, retry: false, gcTime: 0 })
  const findings = refused ?? check.data
  const errors = findings?.filter((one) => one.severity === 'error') ?? []
  const go = async () => {
    setBusy(true)
    setWrong(null)
    try {
      setDone(await publish(typeKey))
      for (const key of ['processes', 'types', 'groups']) void client.invalidateQueries({ queryKey: [key] })
      void draftChanged(client, typeKey)
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.message)
      if (problem.findings.length) setRefused(problem.findings)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      onCancel={close}
      width={640}
      title={done ? t('designer.published', { version: done.version }) : t('designer.publishAsk')}
      footer={
        done
          ? [
              <Link key="versions" className="ant-link-button" to={`/design/${encodeURIComponent(typeKey)}/versions`}>{t('design.versions')}</Link>,
              <Button key="close" type="primary" onClick={close}>{t('designer.goOn')}</Button>,
            ]
          : [
              <Button key="cancel" onClick={close}>{t('do.cancel')}</Button>,
              <Button key="go" type="primary" loading={busy} disabled={!findings || errors.length > 0 || state !== 'saved'} onClick={() => void go()}>{t('designer.publish')}</Button>,
            ]
      }
    >
      <div className="col g12" data-published={done?.version}>
        {wrong && <Remark tone="red">{wrong}</Remark>}
        {done ? (
          <>
            <Remark tone="teal">{done.created ? t('designer.publishedWhat') : t('design.identical', { version: done.version })}</Remark>
            {done.examples.length > 0 && <p className="t13">{t('designer.examplesPassed', { n: done.examples.length })}</p>}
            <ChangeList of={done.changes} after={files.texts?.['process.bpmn']} />
          </>
        ) : (
          <>
            <p className="t13 ink2">{t('designer.publishWhat')}</p>
            {state === 'conflict' || state === 'failed' ? <Remark tone="amber">{files.wrong ?? t('designer.notSaved')}</Remark> : !findings && !check.error && <Loading lines={3} />}
            {check.error && <Remark tone="red">{asProblem(check.error).message}</Remark>}
            {findings && (findings.length ? <Findings of={findings} /> : <Remark tone="teal">{t('design.nothingWrong')}</Remark>)}
          </>
        )}
      </div>
    </Modal>
  )
}
