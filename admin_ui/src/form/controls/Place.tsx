// Where it is: the device says it, with how exactly it knows; a word may be added.
import { Button, Input } from 'antd'
import { MapPin } from 'lucide-react'
import { useState } from 'react'
import { t, words, type Words } from '../../i18n/t'
import { icon18 } from '../../ui/bits'
import { outside, tooRough } from '../fence'
import { size, type ControlProps } from './props'

export interface PlaceValue {
  lat: number
  lng: number
  accuracy?: number
  address?: string
}

const WAIT = 15_000

export function Place(props: ControlProps) {
  const { field, id, labelId, describedBy, onChange } = props
  const place = props.value as PlaceValue | null | undefined
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const consent = words(field.consent as Words | undefined)
  const away = place && outside(field, place)
  const locate = () => {
    if (!('geolocation' in navigator) || !isSecureContext) return setWrong(t('form.noLocation'))
    setBusy(true)
    setWrong(null)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false)
        onChange({ lat: coords.latitude, lng: coords.longitude, accuracy: Math.round(coords.accuracy), ...(place?.address ? { address: place.address } : {}) })
      },
      (error) => {
        setBusy(false)
        setWrong(error.code === error.PERMISSION_DENIED ? t('form.locationDenied') : t('form.noLocation'))
      },
      { enableHighAccuracy: true, timeout: WAIT },
    )
  }
  return (
    <div id={id} role="group" aria-labelledby={labelId} aria-describedby={describedBy} className="col g8">
      {consent && <p className="cap">{consent}</p>}
      <div className="place">
        <MapPin {...icon18} color="var(--brand)" />
        <span className="col grow">
          {place ? (
            <>
              <b className="t13 cut">{`${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`}</b>
              {place.accuracy !== undefined && <span className="cap">{t('form.accuracy', { m: place.accuracy })}</span>}
            </>
          ) : (
            <span className="t13 ink3">{t('form.notLocated')}</span>
          )}
        </span>
        <Button size={props.phone ? 'large' : 'small'} loading={busy} onClick={locate}>
          {place ? t('form.locateAgain') : t('form.locate')}
        </Button>
      </div>
      {place && <Input size={size(props)} aria-label={t('form.address')} placeholder={t('form.address')} maxLength={500} value={place.address ?? ''} onChange={(event) => onChange({ ...place, address: event.target.value || undefined })} />}
      {place && (away || tooRough(field, place)) && (
        <span className="field-error" role="status">
          {away ? t('form.outside', { away: away.away, allowed: away.allowed }) : t('form.tooRough', { max: String(field.max_accuracy) })}
        </span>
      )}
      {wrong && (
        <span className="field-error" role="alert">
          {wrong}
        </span>
      )}
    </div>
  )
}
