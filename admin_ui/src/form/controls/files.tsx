// Attachments and photos: chosen, sent with progress, taken away again.
import { Camera, FileText, Paperclip, X } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { asProblem, fileUrl, upload } from '../../api/client'
import { t } from '../../i18n/t'
import { bytes } from '../../ui/time'
import { icon, icon14, icon18, IconButton } from '../../ui/bits'
import { fileOf, noteFiles } from '../files'
import type { ControlProps } from './props'

interface Sending {
  key: number
  name: string
  part: number
  error?: string
}

let counter = 0

export function useUploads(add: (id: string) => void) {
  const [sending, setSending] = useState<Sending[]>([])
  const change = (key: number, part: Partial<Sending>) => setSending((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const drop = (key: number) => setSending((all) => all.filter((one) => one.key !== key))
  const send = async (files: Iterable<File>) => {
    for (const file of files) {
      const key = ++counter
      setSending((all) => [...all, { key, name: file.name, part: 0 }])
      try {
        const stored = await upload(file, (part) => change(key, { part }))
        noteFiles([stored], true)
        add(stored.id)
        drop(key)
      } catch (error) {
        change(key, { error: asProblem(error).message })
      }
    }
  }
  return { sending, send, drop }
}

export function Files(props: ControlProps) {
  const { field, id, labelId, value, onChange, describedBy, invalid } = props
  const ids = ((value as string[] | null) ?? []).slice()
  const latest = useRef(ids)
  latest.current = ids
  const picker = useRef<HTMLInputElement>(null)
  const { sending, send, drop } = useUploads((one) => {
    latest.current = [...latest.current, one]
    onChange(latest.current)
  })
  const photo = field.kind === 'photo'
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
              <Progress of={one} drop={drop} />
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
              <span className="cut grow">{one.name}</span>
              <Progress of={one} drop={drop} />
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

function Progress({ of, drop }: { of: Sending; drop: (key: number) => void }) {
  if (of.error)
    return (
      <span className="row g4 t12" role="alert" style={{ color: 'var(--red-fg)' }}>
        {of.error}
        <IconButton label={t('do.close')} onClick={() => drop(of.key)}>
          <X {...icon14} />
        </IconButton>
      </span>
    )
  const percent = Math.round(of.part * 100)
  return (
    <span className="row g6 cap" role="progressbar" aria-label={of.name} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
      <span className="meter">
        <i style={{ width: percent + '%' }} />
      </span>
      {percent} %
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
