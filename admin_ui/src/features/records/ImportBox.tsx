// A table comes in: tried first, with what is wrong in every row, and then kept.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { useRef, useState } from 'react'
import { asProblem } from '../../api/client'
import { exportUrl, importRecords, type ImportReport } from '../../api/records'
import { t } from '../../i18n/t'
import { Remark } from '../../ui/bits'
import type { Kind } from './kinds'

export function ImportBox({ kind, close }: { kind: Kind; close: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<ImportReport | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const run = async (chosen: File, dryRun: boolean) => {
    setBusy(true)
    setWrong(null)
    try {
      const found = await importRecords(kind.plural, chosen, dryRun)
      setReport(found)
      if (found.kept) {
        void client.invalidateQueries({ queryKey: [kind.plural] })
        void message.success(t('records.imported', { n: found.created + found.changed }))
        close()
      }
    } catch (error) {
      const problem = asProblem(error)
      setReport(null)
      setWrong([problem.message, ...problem.errors.map((one) => one.detail)].join(' '))
    }
    setBusy(false)
  }
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen)
    setReport(null)
    void run(chosen, true)
  }
  const news = report ? report.created + report.changed : 0
  return (
    <Drawer open onClose={close} title={t('records.importInto', { what: t(`records.many.${kind.plural}`) })} size={560} destroyOnHidden>
      <div className="col g16">
        <p className="t13 ink2">{t('records.importHow')}</p>
        <div className="row g8 wrap">
          <Button onClick={() => picker.current?.click()} loading={busy}>
            {file ? t('records.otherFile') : t('records.chooseFile')}
          </Button>
          <Button href={exportUrl(kind.plural, 'xlsx')} download>
            {t('records.template')}
          </Button>
          <input ref={picker} type="file" accept=".csv,.xlsx" hidden aria-label={t('records.chooseFile')} onChange={(event) => {
            choose(event.target.files?.[0])
            event.target.value = ''
          }} />
        </div>
        {file && <span className="cap">{file.name}</span>}
        {wrong && <Remark tone="red">{wrong}</Remark>}
        {report && !report.errors.length && <Remark tone="teal">{t('records.tried', { created: report.created, changed: report.changed, same: report.same })}</Remark>}
        {report && report.errors.length > 0 && (
          <>
            <Remark tone="red">{t('records.rowErrors', { n: report.errors.length })}</Remark>
            <table className="table cards" aria-label={t('records.errors')}>
              <thead>
                <tr>
                  <th>{t('records.row')}</th>
                  <th>{t('records.column')}</th>
                  <th>{t('records.what')}</th>
                </tr>
              </thead>
              <tbody>
                {report.errors.map((one, place) => (
                  <tr key={place}>
                    <td data-label={t('records.row')}>{one.row}</td>
                    <td data-label={t('records.column')}>{one.column}</td>
                    <td data-label={t('records.what')}>{one.detail}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
        <div className="row g8">
          <Button type="primary" disabled={!file || !report || report.errors.length > 0 || !news} loading={busy} onClick={() => file && void run(file, false)}>
            {t('records.import')}
          </Button>
          <Button onClick={close}>{t('do.cancel')}</Button>
        </div>
      </div>
    </Drawer>
  )
}
