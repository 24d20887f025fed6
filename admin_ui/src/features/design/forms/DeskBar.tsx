// The bar: where we are, whether it is saved, undo and redo.
import { Redo2, Undo2 } from 'lucide-react'
import { Link } from 'react-router'
import { t, words, type Words } from '../../../i18n/t'
import { Chip, icon, IconButton } from '../../../ui/bits'
import { Bar } from '../../../ui/Frame'
import { shortWhen } from '../../../ui/time'
import type { DraftFiles } from './useDraftFiles'

export function DeskBar({ typeKey, typeName, title, files }: { typeKey: string; typeName: string; title: Words; files: DraftFiles }) {
  return (
    <Bar
      title={
        <>
          <Link to="/design" className="t13 nowrap">
            {t('nav.design')}
          </Link>
          <span className="ink3" aria-hidden>
            /
          </span>
          <Link to={`/design/${encodeURIComponent(typeKey)}`} className="t13 nowrap">
            {typeName}
          </Link>
          <span className="ink3" aria-hidden>
            /
          </span>
          <h1 className="cut">{words(title)}</h1>
          <Chip>{files.draft?.base ? t('formDesigner.draftOf', { version: files.draft.base }) : t('design.draft')}</Chip>
          <span className="cap nowrap" role="status" data-save={files.state}>
            {saying(files)}
          </span>
        </>
      }
      tools={
        <>
          <IconButton label={t('formDesigner.undo')} disabled={!files.undo} onClick={() => files.undo?.()}>
            <Undo2 {...icon} />
          </IconButton>
          <IconButton label={t('formDesigner.redo')} disabled={!files.redo} onClick={() => files.redo?.()}>
            <Redo2 {...icon} />
          </IconButton>
        </>
      }
    />
  )
}

function saying({ state, savedAt }: DraftFiles): string {
  if (state === 'saved') return savedAt ? t('form.savedAt', { at: shortWhen(savedAt) }) : t('form.saved')
  return t(`formDesigner.save.${state}`)
}
