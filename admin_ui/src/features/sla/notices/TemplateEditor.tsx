// The words of a notice in both languages, with what a reader would get.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { asProblem } from '../../../api/client'
import { draftChanged, readDraftFile, useDraft, writeDraftFile } from '../../../api/drafts'
import { previewTemplate, testTemplate, type TemplatePreview } from '../../../api/settingsOfDrafts'
import { t } from '../../../i18n/t'
import { Remark } from '../../../ui/bits'
import { LANGUAGES, type DocLanguage } from '../../design/forms/languages'
import { Labelled } from '../../people/EditBox'

const NAME = /^[a-z][a-z0-9_]{0,62}$/
const path = (name: string, language: string) => `templates/${name}.${language}.md`

export function TemplateEditor({ typeKey, template, choose }: { typeKey: string; template: string | undefined; choose: (template: string | undefined) => void }) {
  const files = useDraft(typeKey).data?.files ?? []
  const known = [...new Set(files.flatMap((file) => /^templates\/([a-z][a-z0-9_]*)\./.exec(file.path)?.[1] ?? []))]
  const [search, setSearch] = useState('')
  const fresh = NAME.test(search) && !known.includes(search) ? [search] : []
  const there = (language: string) => !!template && files.some((file) => file.path === path(template, language))
  return (
    <div className="col g12">
      <Labelled label={t('sla.notice.template')} help={t('sla.notice.templateWhat')}>
        {(named) => (
          <Select
            {...named}
            allowClear
            showSearch={{ onSearch: setSearch }}
            placeholder={t('sla.notice.ownWords')}
            value={template}
            onChange={(next?: string) => choose(next)}
            options={[...known, ...fresh, ...(template && !known.includes(template) ? [template] : [])].map((one) => ({ value: one, label: one }))}
          />
        )}
      </Labelled>
      {template && LANGUAGES.map((language) => <OneText key={`${template}.${language}.${there(language)}`} typeKey={typeKey} name={template} language={language} exists={there(language)} />)}
    </div>
  )
}

function OneText({ typeKey, name, language, exists }: { typeKey: string; name: string; language: DocLanguage; exists: boolean }) {
  const client = useQueryClient()
  const file = useQuery({ queryKey: ['drafts', typeKey, 'template', name, language], queryFn: () => readDraftFile(typeKey, path(name, language)), enabled: exists, gcTime: 0, staleTime: Infinity })
  const [text, setText] = useState<string | null>(null)
  const [shown, setShown] = useState<TemplatePreview | null>(null)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  useEffect(() => {
    if (file.data && text === null) setText(file.data.text)
  }, [file.data, text])
  const label = `${t('sla.notice.text')} · ${t(`formDesigner.language.${language}`)}`
  const run = async (todo: () => Promise<void>) => {
    setWrong(null)
    setSentTo(null)
    try {
      await todo()
    } catch (error) {
      const problem = asProblem(error)
      setWrong(problem.errors[0]?.detail ?? problem.message)
    }
  }
  const save = () =>
    run(async () => {
      const kept = await writeDraftFile(typeKey, path(name, language), text ?? '', file.data?.etag ?? 'new')
      client.setQueryData(['drafts', typeKey, 'template', name, language], kept)
      await draftChanged(client, typeKey)
    })
  const send = async () => {
    setSending(true)
    await run(async () => setSentTo((await testTemplate(text ?? '', typeKey, language)).target))
    setSending(false)
  }
  const changed = text !== null && text !== (file.data?.text ?? '')
  return (
    <div className="col g8">
      <span className="t13 ink2">{label}</span>
      <Input.TextArea aria-label={label} lang={language} autoSize={{ minRows: 3, maxRows: 12 }} value={text ?? ''} onChange={(event) => setText(event.target.value)} />
      <div className="row g8">
        <Button size="small" disabled={!changed} onClick={() => void save()}>
          {t('do.save')}
        </Button>
        <Button size="small" disabled={!text?.trim()} onClick={() => void run(async () => setShown(await previewTemplate(text ?? '', typeKey, language)))}>
          {t('sla.notice.preview')}
        </Button>
        <Button size="small" loading={sending} disabled={!text?.trim()} onClick={() => void send()}>
          {t('sla.notice.test')}
        </Button>
      </div>
      {sentTo && <Remark tone="teal">{t('sla.notice.tested', { address: sentTo })}</Remark>}
      {wrong && <Remark tone="red">{wrong}</Remark>}
      {shown && (
        <div className="template-html" lang={language}>
          <b>{shown.subject}</b>
          <div className="prose">{shown.text}</div>
        </div>
      )}
    </div>
  )
}
