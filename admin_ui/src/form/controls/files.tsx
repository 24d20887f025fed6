// Attachments and photos: chosen, sent with progress, taken away again.
import { Camera, FileText, Paperclip, RotateCw, X } from 'lucide-react'
import { useCallback, useRef, type DragEvent } from 'react'
import { fileUrl } from '../../api/client'
import { t } from '../../i18n/t'
import { bytes } from '../../ui/time'
import { icon, icon14, icon18, IconButton } from '../../ui/bits'
import { fileOf } from '../files'
import { smaller } from '../resize'
import type { ControlProps } from './props'
import { useUploads, type Sending } from './useUploads'

const asItIs = (file: File) => Promise.resolve(file)

export function Files(props: ControlProps) {
  const { field, id, labelId, value, onChange, describedBy, invalid } = props
  const ids = ((value as string[] | null) ?? []).slice()
  const latest = useRef(ids)
  latest.current = ids
  const picker = useRef<HTMLInputElement>(null)
  const photo = field.kind === 'photo'
  const shrink = useCallback((file: File) => smaller(file, field.max_side as number | undefined), [field.max_side])
  const add = (one: string) => {
    latest.current = [...latest.current, one]
    onChange(latest.current)
  }
  const { sending, send, drop, again } = useUploads(field.key, add, photo ? shrink : asItIs)
  const most = field.max_files ?? (photo ? 9 : 10)
  const room = most - ids.length - sending.filter((one) => !one.error).length
  const remove = (one: string) => onChange(ids.filter((other) => other !== one))
  const take = (files: FileList | null) => files && void send([...files].slice(0, Math.max(0, room)))
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    take(event.dataTransfer.files)
  }
  return (
    <div className="col g8" id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy} onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <input ref={picker} type="file" hidden multiple={most > 1} accept={(field.types ?? (photo ? ['image/*'] : [])).join(',') || undefined} capture={field.source === 'camera' ? 'environment' : undefined} onChange={(event) => { take(event.target.files); event.target.value = '' }} />
      {photo ? (
        <div className="row g8 wrap">
          {ids.map((one, place) => (
            <span key={one} className="photo">
              <img src={fileUrl(one)} alt={fileOf(one)?.name ?? t('form.photoNumber', { n: place + 1 })} />
              <button type="button" className="photo-remove" aria-label={t('form.removePhoto', { n: place + 1 })} onClick={() => remove(one)}>
                <X size={13} aria-hidden />
              </button>
            </span>
          ))}
          {sending.map((one) => (
            <span key={one.key} className="photo photo-sending">
              <Progress of={one} drop={drop} again={again} />
            </span>
          ))}
          {room > 0 && (
            <button type="button" className="photo photo-add" aria-invalid={invalid || undefined} onClick={() => picker.current?.click()}>
              <Camera {...icon18} />
              <span className="t12">{props.phone ? t('form.takePhoto') : t('form.addPhoto')}</span>
            </button>
          )}
        </div>
      ) : (
        <>
          {ids.map((one) => (
            <FileLine key={one} id={one} remove={() => remove(one)} />
          ))}
          {sending.map((one) => (
            <div key={one.key} className="file-line">
              <FileText {...icon} />
              <span className="cut grow">{one.file.name}</span>
              <Progress of={one} drop={drop} again={again} />
            </div>
          ))}
          {room > 0 && (
            <button type="button" className="add-line" aria-invalid={invalid || undefined} onClick={() => picker.current?.click()}>
              <Paperclip {...icon14} />
              {t('form.addFile')}
            </button>
          )}
        </>
      )}
    </div>
  )
}

function Progress({ of, drop, again }: { of: Sending; drop: (key: string) => void; again: (one: Sending) => void }) {
  const remove = (
    <IconButton label={t('form.stopFile', { name: of.file.name })} onClick={() => drop(of.key)}>
      <X {...icon14} />
    </IconButton>
  )
  if (of.error)
    return (
      <span className="row g4 t12 wrap sending-failed" role="alert">
        {of.offline ? t('form.sentLater') : of.error}
        <IconButton label={t('form.sendAgain', { name: of.file.name })} onClick={() => again(of)}>
          <RotateCw {...icon14} />
        </IconButton>
        {remove}
      </span>
    )
  const percent = Math.round(of.part * 100)
  return (
    <span className="row g6 cap">
      <span className="row g6" role="progressbar" aria-label={of.file.name} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
        <span className="meter">
          <i style={{ width: percent + '%' }} />
        </span>
        {percent} %
      </span>
      {remove}
    </span>
  )
}

/** One stored file: its name opens it. */
export function FileLine({ id, remove }: { id: string; remove?: () => void }) {
  const file = fileOf(id)
  return (
    <div className="file-line">
      <FileText {...icon} />
      <a className="cut grow" href={fileUrl(id)} target="_blank" rel="noreferrer">
        {file?.name ?? t('form.file')}
      </a>
      {file && <span className="cap fix">{bytes(file.size)}</span>}
      {remove && (
        <IconButton label={t('form.removeFile', { name: file?.name ?? '' })} onClick={remove}>
          <X {...icon14} />
        </IconButton>
      )}
    </div>
  )
}
