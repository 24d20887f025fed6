// The bar: where we are, whether it is saved, undo and redo, the other tables of the type.
import { Button, Select } from 'antd'
import { Plus, Redo2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useDecisions, type DecisionInfo } from '../../../api/rules'
import { known, t } from '../../../i18n/t'
import { Chip, icon, icon14, IconButton } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { TypeTabs } from '../TypeTabs'
import { NewTable } from './NewTable'
import type { Editing } from './useTable'

export function RulesBar({ typeKey, typeName, decision, editing }: { typeKey: string; typeName: string; decision?: DecisionInfo; editing?: Editing }) {
  const decisions = useDecisions(typeKey)
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const base = `/design/${encodeURIComponent(typeKey)}`
  const open = (id: string) => void navigate(`${base}/rules/${encodeURIComponent(id)}`)
  return (
    <>
      <Bar
        title={
          <>
            <Link to={base} className="t13 nowrap">
              {typeName}
            </Link>
            <span className="ink3" aria-hidden>
              /
            </span>
            <h1 className="cut">{editing?.table.name || decision?.name || t('rules.title')}</h1>
            {(decisions.data?.items.length ?? 0) > 1 && (
              <Select size="small" aria-label={t('rules.others')} value={decision?.id} popupMatchSelectWidth={false} onChange={open} options={decisions.data!.items.map((one) => ({ value: one.id, label: one.name || one.id }))} />
            )}
            <Chip>{t('design.draft')}</Chip>
            {editing && (
              <span className="cap nowrap" role="status" data-save={editing.state}>
                {known(`rules.save.${editing.state}`)}
              </span>
            )}
          </>
        }
        tools={
          <>
            {editing && (
              <>
                <IconButton label={t('rules.undo')} disabled={!editing.undo} onClick={() => editing.undo?.()}>
                  <Undo2 {...icon} />
                </IconButton>
                <IconButton label={t('rules.redo')} disabled={!editing.redo} onClick={() => editing.redo?.()}>
                  <Redo2 {...icon} />
                </IconButton>
              </>
            )}
            <Button size="small" icon={<Plus {...icon14} />} onClick={() => setMaking(true)}>
              {t('rules.new')}
            </Button>
          </>
        }
      />
      <TypeTabs typeKey={typeKey} on="rules" />
      {making && <NewTable typeKey={typeKey} close={() => setMaking(false)} made={open} />}
    </>
  )
}
