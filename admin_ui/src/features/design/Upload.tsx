// A package comes in: checked first, its findings as sentences, deployed only when nothing stands against it.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { CircleAlert, TriangleAlert, Upload as UploadIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { asProblem, call, newKey } from '../../api/client'
import type { Deployed, Finding } from '../../api/types'
import { t } from '../../i18n/t'
import { icon14, Loading, Remark } from '../../ui/bits'

export function Upload() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [findings, setFindings] = useState<Finding[] | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const body = (zip: File) => {
    const form = new FormData()
    form.append('package', zip)
    return form
  }
  const check = async (zip: File) => {
    setFile(zip)
    setFindings(null)
    setWrong(null)
    try {
      setFindings((await call<{ findings: Finding[] }>('POST', '/deployments/check', { form: body(zip) })).findings)
    } catch (error) {
      setWrong(asProblem(error).message)
    }
  }
  const deploy = async () => {
    if (!file || busy) return
    setBusy(true)
    try {
      const done = await call<Deployed>('POST', '/deployments', { form: body(file), key: newKey() })
      for (const key of ['processes', 'types', 'groups']) void client.invalidateQueries({ queryKey: [key] })
      void message.success(done.created ? t('design.deployed', { version: done.version }) : t('design.identical', { version: done.version }))
      setFile(null)
      void navigate(`/design/${encodeURIComponent(done.key)}`)
    } catch (error) {
      const problem = asProblem(error)
      if (problem.findings.length) setFindings(problem.findings)
      setWrong(problem.message)
    } finally {
      setBusy(false)
    }
  }
  const errors = findings?.filter((finding) => finding.severity === 'error') ?? []
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept=".zip,application/zip"
        hidden
        onChange={(event) => {
          const zip = event.target.files?.[0]
          event.target.value = ''
          if (zip) void check(zip)
        }}
      />
      <Button size="small" icon={<UploadIcon {...icon14} />} onClick={() => picker.current?.click()}>
        {t('design.upload')}
      </Button>
      <Modal
        open={!!file}
        onCancel={() => setFile(null)}
        title={file?.name}
        width={640}
        footer={[
          <Button key="other" onClick={() => picker.current?.click()}>
            {t('design.another')}
          </Button>,
          <Button key="deploy" type="primary" loading={busy} disabled={!findings || errors.length > 0} onClick={() => void deploy()}>
            {t('design.deploy')}
          </Button>,
        ]}
      >
        <div className="col g12">
          {wrong && <Remark tone="red">{wrong}</Remark>}
          {!findings && !wrong && <Loading lines={3} />}
          {findings && !findings.length && <Remark tone="teal">{t('design.nothingWrong')}</Remark>}
          {findings && findings.length > 0 && <Findings of={findings} />}
        </div>
      </Modal>
    </>
  )
}

export function Findings({ of }: { of: Finding[] }) {
  const sorted = [...of].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return (
    <ul className="findings">
      {sorted.map((finding, place) => (
        <li key={place} className={finding.severity === 'error' ? 'tone-red' : 'tone-amber'}>
          {finding.severity === 'error' ? <CircleAlert {...icon14} /> : <TriangleAlert {...icon14} />}
          <span className="col">
            <span className="t13">
              <span className="unseen">{t(`finding.${finding.severity}`)}</span>
              {finding.text}
            </span>
            <span className="cap">{[finding.document, finding.element, finding.cell].filter(Boolean).join(' · ')}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
