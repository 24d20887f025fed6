// The rules of a ticket type: its decisions, the table of one of them, or the way to a first one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Navigate, useNavigate, useParams } from 'react-router'
import { asProblem } from '../../../api/client'
import { beginDraft, draftChanged, useDraft } from '../../../api/drafts'
import { useProcesses } from '../../../api/queries'
import { decisionsKey, readTable, useDecisions } from '../../../api/rules'
import { t, words } from '../../../i18n/t'
import { Empty, Failed, Loading } from '../../../ui/bits'
import { Desk } from './Desk'
import { NewTable } from './NewTable'
import './rules.css'
import { RulesBar } from './RulesBar'

export default function RulesEditor() {
  const { key = '', decision } = useParams()
  const draft = useDraft(key)
  const decisions = useDecisions(key)
  const processes = useProcesses()
  const process = processes.data?.items.find((one) => one.key === key)
  const name = words(process?.name) || key
  if (draft.error && asProblem(draft.error).status === 404) return <Begin typeKey={key} latest={process?.latest} />
  if (draft.error) return <Failed error={draft.error} again={() => void draft.refetch()} />
  if (decisions.error) return <Failed error={decisions.error} again={() => void decisions.refetch()} />
  if (!decisions.data || !draft.data) return <Loading />
  const first = decisions.data.items[0]
  if (!decision && first) return <Navigate to={`/design/${encodeURIComponent(key)}/rules/${encodeURIComponent(first.id)}`} replace />
  if (!decision) return <First typeKey={key} typeName={name} />
  return <Opened key={`${key}/${decision}`} typeKey={key} typeName={name} decision={decision} />
}

function Opened({ typeKey, typeName, decision }: { typeKey: string; typeName: string; decision: string }) {
  const file = useQuery({ queryKey: ['drafts', typeKey, 'decision', decision], queryFn: () => readTable(typeKey, decision), staleTime: Infinity, gcTime: 0, retry: false })
  if (file.error) return <Failed error={file.error} again={() => void file.refetch()} />
  if (!file.data) return <Loading />
  if (file.data.table) return <Desk typeKey={typeKey} typeName={typeName} first={file.data} />
  return (
    <>
      <RulesBar typeKey={typeKey} typeName={typeName} decision={file.data.decision} />
      <div className="page">
        <div className="page-inner card ru-literal">
          <b>{file.data.decision.name || decision}</b>
          {file.data.text !== null && <pre className="ru-raw">{file.data.text}</pre>}
          <span className="cap">{t(file.data.text === null ? 'rules.other' : 'rules.literal')}</span>
        </div>
      </div>
    </>
  )
}

function First({ typeKey, typeName }: { typeKey: string; typeName: string }) {
  const [making, setMaking] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <RulesBar typeKey={typeKey} typeName={typeName} />
      <Empty
        title={t('rules.none')}
        text={t('rules.noneWhat')}
        action={
          <Button type="primary" onClick={() => setMaking(true)}>
            {t('rules.new')}
          </Button>
        }
      />
      {making && <NewTable typeKey={typeKey} close={() => setMaking(false)} made={(id) => void navigate(`/design/${encodeURIComponent(typeKey)}/rules/${encodeURIComponent(id)}`)} />}
    </>
  )
}

/** A type that is not being edited yet: a draft begins from the version that runs. */
function Begin({ typeKey, latest }: { typeKey: string; latest: number | undefined }) {
  const client = useQueryClient()
  const begin = () =>
    void beginDraft(typeKey, latest!).finally(() => {
      void draftChanged(client, typeKey)
      void client.invalidateQueries({ queryKey: decisionsKey(typeKey) })
    })
  return (
    <Empty
      title={t('rules.noDraft')}
      text={t('rules.noDraftWhat')}
      action={
        latest !== undefined && (
          <Button type="primary" onClick={begin}>
            {t('rules.begin', { version: latest })}
          </Button>
        )
      }
    />
  )
}
