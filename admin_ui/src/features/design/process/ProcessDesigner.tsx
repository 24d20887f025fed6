// Loads the draft of a type for the process designer: the diagram, and all that its questions offer.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useCallback, useState } from 'react'
import type { Draft } from '../../../api/drafts'
import { t, words } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { isDiagram } from '../forms/access'
import { useDraftFiles } from '../forms/useDraftFiles'
import { loadNames } from './names'
import { readManifest } from './manifest'
import './process.css'
import { ProcessDesk } from './ProcessDesk'

const READ = /^package\.toml$|^forms\/[^/]+\.json$|^decisions\/[^/]+\.dmn$/

const wanted = (draft: Draft) => draft.files.map((file) => file.path).filter((path) => isDiagram(path) || READ.test(path)).sort((a, b) => Number(isDiagram(b)) - Number(isDiagram(a)))

export default function ProcessDesigner({ typeKey }: { typeKey: string }) {
  const names = useQuery({ queryKey: ['designer', 'names'], queryFn: loadNames, staleTime: Infinity })
  const files = useDraftFiles(typeKey, useCallback(wanted, []))
  const [chosen, setChosen] = useState<string | null>(null)
  if (files.error) return <Failed error={files.error} again={() => location.reload()} />
  if (!files.texts || !names.data) return <Loading />
  const manifest = readManifest(files.texts['package.toml'] ?? '')
  const diagrams = Object.keys(files.texts).filter(isDiagram)
  const path = [chosen, manifest?.process, diagrams[0]].find((one) => one && diagrams.includes(one))
  if (!path) return <Empty title={t('designer.noDiagram')} />
  return (
    <div className="pd-one">
      <ProcessDesk key={path} typeKey={typeKey} typeName={words(manifest?.name) || typeKey} path={path} files={files} texts={files.texts}>
        {diagrams.length > 1 && <Select size="small" className="pd-which" aria-label={t('designer.whichDiagram')} value={path} onChange={setChosen} options={diagrams.map((one) => ({ value: one, label: one }))} />}
      </ProcessDesk>
    </div>
  )
}
