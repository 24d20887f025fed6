// The bar: where we are, whether it is saved, the parts of the type, and what is done with the whole.
import { Button } from 'antd'
import { GitCompare, Play, Rocket } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useMe } from '../../../api/queries'
import { t } from '../../../i18n/t'
import { Chip, icon14 } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { shortWhen } from '../../../ui/time'
import type { DraftFiles } from '../forms/useDraftFiles'
import { Publish } from './Publish'

interface Props {
  typeKey: string
  typeName: string
  files: DraftFiles
  flush: () => Promise<void>
}

export function DesignBar({ typeKey, typeName, files, flush }: Props) {
  const { permissions } = useMe()
  const navigate = useNavigate()
  const [publishing, setPublishing] = useState(false)
  const begin = () => {
    ;(document.activeElement as HTMLElement | null)?.blur?.()
    void flush().then(() => setPublishing(true))
  }
  return (
    <>
      <Bar
        title={
          <>
            <Link to="/design" className="t13 nowrap">{t('nav.design')}</Link>
            <span className="ink3" aria-hidden>/</span>
            <h1 className="cut">{typeName}</h1>
            <Chip>{files.draft?.base ? t('formDesigner.draftOf', { version: files.draft.base }) : t('designer.draft')}</Chip>
            <span className="cap nowrap" role="status" data-save={files.state}>
              {files.state === 'saved' ? (files.savedAt ? t('form.savedAt', { at: shortWhen(files.savedAt) }) : t('form.saved')) : t(`formDesigner.save.${files.state}`)}
            </span>
          </>
        }
        tools={
          <>
            <Button size="small" icon={<Play {...icon14} />} onClick={() => void flush().then(() => navigate(`/design/${encodeURIComponent(typeKey)}/try`))}>
              {t('designer.try')}
            </Button>
            {!!files.draft?.base && (
              <Button size="small" icon={<GitCompare {...icon14} />} onClick={() => void flush().then(() => navigate(`/design/${encodeURIComponent(typeKey)}/compare`))}>
                {t('designer.compare')}
              </Button>
            )}
            {permissions.includes('deploy') && (
              <Button size="small" type="primary" icon={<Rocket {...icon14} />} onClick={begin}>
                {t('designer.publish')}
              </Button>
            )}
          </>
        }
      />
      {publishing && <Publish typeKey={typeKey} files={files} close={() => setPublishing(false)} />}
    </>
  )
}
