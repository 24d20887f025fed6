// The frame of a settings page of a type: its parts, whether it is saved, and a draft to begin where there is none.
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import { asProblem } from '../../api/client'
import { beginDraft, draftChanged, useDraft } from '../../api/drafts'
import { useProcesses } from '../../api/queries'
import type { Finding } from '../../api/types'
import { t, words } from '../../i18n/t'
import { Empty, Failed, Loading, Remark } from '../../ui/bits'
import { Bar } from '../../ui/Frame'
import { TypeTabs } from '../design/TypeTabs'
import './settings.css'
import type { SaveState } from './useSettings'

const PARTS = ['sla', 'notifications', 'routing'] as const

interface Props {
  on: (typeof PARTS)[number]
  state?: SaveState
  wrong?: string | null
  findings?: Finding[]
  children: ReactNode
}

export function SettingsPage({ on, state, wrong, findings = [], children }: Props) {
  const { key = '' } = useParams()
  const draft = useDraft(key)
  const processes = useProcesses()
  const process = processes.data?.items.find((one) => one.key === key)
  const base = `/design/${encodeURIComponent(key)}`
  const none = !draft.data && !!draft.error
  return (
    <div className="pd-page">
      <Bar
        title={
          <>
            <Link to="/design" className="t13 nowrap">
              {t('nav.design')}
            </Link>
            <span className="ink3" aria-hidden>
              /
            </span>
            <h1 className="cut">{words(process?.name) || key}</h1>
          </>
        }
        tools={state && <span className="cap">{t(`sla.state.${state}`)}</span>}
      />
      <TypeTabs typeKey={key} on="sla" />
      <div className="page" tabIndex={0} role="region" aria-label={t(`sla.part.${on}`)}>
        <div className="settings-page">
          <nav className="row g16 t13" aria-label={t('sla.parts')}>
            {PARTS.map((one) => (
              <Link key={one} to={`${base}/${one}`} aria-current={one === on ? 'page' : undefined}>
                {t(`sla.part.${one}`)}
              </Link>
            ))}
          </nav>
          {wrong && <Remark tone="red">{wrong}</Remark>}
          {findings.map((finding, at) => (
            <Remark key={at} tone={finding.severity === 'error' ? 'red' : 'amber'}>
              {finding.text}
              {finding.element && <span className="cap"> {finding.element}</span>}
            </Remark>
          ))}
          {none && on !== 'routing' ? asProblem(draft.error).status === 404 ? <Begin typeKey={key} latest={process?.latest} /> : <Failed error={draft.error} again={() => void draft.refetch()} /> : draft.data || on === 'routing' ? children : <Loading />}
        </div>
      </div>
    </div>
  )
}

function Begin({ typeKey, latest }: { typeKey: string; latest: number | undefined }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const begin = () =>
    beginDraft(typeKey, latest!).then(
      () => draftChanged(client, typeKey),
      (error: unknown) => message.error(asProblem(error).message),
    )
  return (
    <Empty
      title={t('formDesigner.noDraft')}
      text={t('formDesigner.noDraftWhat')}
      action={
        latest !== undefined && (
          <Button type="primary" onClick={() => void begin()}>
            {t('formDesigner.begin', { version: latest })}
          </Button>
        )
      }
    />
  )
}
