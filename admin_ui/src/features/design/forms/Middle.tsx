// The middle pane: the form for phone or desktop, in one language or both, to design or to try.
import { Button, Segmented, Select } from 'antd'
import { Languages, Monitor, Pencil, Play, Smartphone } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Finding, FormDoc } from '../../../api/types'
import { Device } from '../../../form/device'
import { language, t, words } from '../../../i18n/t'
import { icon14, Name, Remark } from '../../../ui/bits'
import type { StepAccess } from './access'
import { Canvas, type CanvasActions } from './Canvas'
import type { Path } from './document'
import { inLanguage, LANGUAGES, type DocLanguage } from './languages'
import { TryForm } from './TryForm'
import type { DraftFiles } from './useDraftFiles'

interface Props {
  form: FormDoc
  picked: Path | null
  findings: Finding[]
  access: (field: string) => string
  actions: CanvasActions
  steps: StepAccess[]
  viewer: string | null
  setViewer: (viewer: string | null) => void
  files: DraftFiles
}

export function Middle({ form, picked, findings, access, actions, steps, viewer, setViewer, files }: Props) {
  const [device, setDevice] = useState<'desktop' | 'phone'>('desktop')
  const [shown, setShown] = useState<DocLanguage | 'both'>(language() as DocLanguage)
  const [trying, setTrying] = useState(false)
  const languages = useMemo(() => (shown === 'both' ? [...LANGUAGES] : [shown]), [shown])
  return (
    <section className="fd-middle">
      <div className="fd-bar">
        <Select
          size="small"
          style={{ width: 180 }}
          aria-label={t('formDesigner.viewer')}
          value={viewer ?? ''}
          onChange={(next: string) => setViewer(next || null)}
          options={[{ value: '', label: t('formDesigner.viewer.submit') }, ...steps.filter((one) => one.own).map((one) => ({ value: one.path + one.step.id, label: one.name }))]}
        />
        <Button size="small" aria-pressed={trying} icon={trying ? <Pencil {...icon14} /> : <Play {...icon14} />} onClick={() => setTrying(!trying)}>
          {trying ? t('formDesigner.design') : t('formDesigner.try')}
        </Button>
        <span className="grow" />
        <Segmented
          size="small"
          aria-label={t('formDesigner.languageShown')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'zh-CN', label: t('prefs.zh') },
            { value: 'en', label: t('prefs.en') },
            { value: 'both', label: t('formDesigner.both'), icon: <Languages {...icon14} /> },
          ]}
        />
        <Segmented
          size="small"
          aria-label={t('formDesigner.device')}
          value={device}
          onChange={setDevice}
          options={[
            { value: 'desktop', label: t('formDesigner.desktop'), icon: <Monitor {...icon14} /> },
            { value: 'phone', label: t('formDesigner.phone'), icon: <Smartphone {...icon14} /> },
          ]}
        />
      </div>
      <div className="fd-canvas" role="region" aria-label={t('formDesigner.form')} tabIndex={0}>
        <Told files={files} />
        <div className="fd-papers">
          {languages.map((one) => (
            <Paper key={one} form={form} language={one} device={device} trying={trying} picked={picked} findings={findings} access={access} actions={actions} />
          ))}
        </div>
      </div>
    </section>
  )
}

interface PaperProps extends Pick<Props, 'form' | 'picked' | 'findings' | 'access' | 'actions'> {
  language: DocLanguage
  device: 'desktop' | 'phone'
  trying: boolean
}

function Paper({ form, language: shown, device, trying, picked, findings, access, actions }: PaperProps) {
  const drawn = useMemo(() => inLanguage(form, shown), [form, shown])
  return (
    <Device value={device}>
      <div className={device === 'phone' ? 'fd-paper as-phone' : 'fd-paper'} lang={shown}>
        <h2 className="fd-title">{words(drawn.title)}</h2>
        {drawn.description && <p className="t13 ink2">{words(drawn.description)}</p>}
        {trying ? <TryForm form={drawn} access={access} /> : <Canvas form={form} drawn={drawn} picked={picked} findings={findings} access={access} actions={actions} name={shown} />}
      </div>
    </Device>
  )
}

/** What the person has to know: it is not saved, somebody else is at work. */
function Told({ files }: { files: DraftFiles }) {
  if (files.conflict)
    return (
      <Remark tone="amber">
        <span className="row g8 wrap">
          <span className="grow">
            <Name of={files.conflict.by} /> {t('formDesigner.conflict')}
          </span>
          <Button size="small" onClick={() => void files.takeTheirs()}>
            {t('formDesigner.takeTheirs')}
          </Button>
          <Button size="small" onClick={() => void files.keepMine()}>
            {t('formDesigner.keepMine')}
          </Button>
        </span>
      </Remark>
    )
  if (files.wrong)
    return (
      <Remark tone="red">
        <span className="row g8 wrap">
          <span className="grow">
            {files.wrong} {t('formDesigner.keptHere')}
          </span>
          <Button size="small" onClick={files.save}>
            {t('do.again')}
          </Button>
        </span>
      </Remark>
    )
  if (files.reloadedFrom)
    return (
      <Remark tone="brand">
        <Name of={files.reloadedFrom} /> {t('formDesigner.reloaded')}
      </Remark>
    )
  return null
}
