// The form designer: kinds at the left, the form in the middle, settings at the right; the draft saves itself.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useParams } from 'react-router'
import { asProblem } from '../../../api/client'
import { beginDraft, draftChanged, type Draft } from '../../../api/drafts'
import { useProcesses } from '../../../api/queries'
import { t, words } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { isDiagram } from './access'
import './designer.css'
import { Desk } from './Desk'
import { loadNames } from './names'
import { useDraftFiles } from './useDraftFiles'
import { useCallback } from 'react'

export default function FormDesigner() {
  const { key = '', form = '' } = useParams()
  return <Opened key={`${key}/${form}`} typeKey={key} path={`forms/${form}.json`} />
}

function Opened({ typeKey, path }: { typeKey: string; path: string }) {
  const names = useQuery({ queryKey: ['formDesigner', 'names'], queryFn: loadNames, staleTime: Infinity })
  const wanted = useCallback((draft: Draft) => draft.files.map((file) => file.path).filter((one) => one === path || isDiagram(one)).sort((a, b) => Number(b === path) - Number(a === path)), [path])
  const files = useDraftFiles(typeKey, wanted)
  const processes = useProcesses()
  const process = processes.data?.items.find((one) => one.key === typeKey)
  const name = words(process?.name) || typeKey
  if (files.error && asProblem(files.error).status === 404 && !files.draft) return <Begin typeKey={typeKey} latest={process?.latest} />
  if (files.error) return <Failed error={files.error} again={() => location.reload()} />
  if (files.draft && !files.draft.files.some((file) => file.path === path)) return <Empty title={t('formDesigner.noForm')} text={path} />
  if (!files.texts || !names.data) return <Loading />
  return <Desk typeKey={typeKey} typeName={name} path={path} files={files} texts={files.texts} />
}

/** A type that is not being edited yet: a draft begins from the version that runs. */
function Begin({ typeKey, latest }: { typeKey: string; latest: number | undefined }) {
  const client = useQueryClient()
  const begin = () => void beginDraft(typeKey, latest!).finally(() => draftChanged(client, typeKey))
  return (
    <Empty
      title={t('formDesigner.noDraft')}
      text={t('formDesigner.noDraftWhat')}
      action={
        latest !== undefined && (
          <Button type="primary" onClick={begin}>
            {t('formDesigner.begin', { version: latest })}
          </Button>
        )
      }
    />
  )
}
