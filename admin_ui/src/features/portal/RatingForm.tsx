// How it went: one to five, in words too, and why.
import { Button, Input } from 'antd'
import { Star } from 'lucide-react'
import { useId, useState } from 'react'
import { asProblem } from '../../api/client'
import type { NewRating, Rating } from '../../api/ratings'
import { t } from '../../i18n/t'
import { Remark } from '../../ui/bits'
import { usePhone } from '../../ui/prefs'

const SCORES = [1, 2, 3, 4, 5] as const
const MAX_COMMENT = 2000

export function RatingForm({ give }: { give: (given: NewRating) => Promise<unknown> }) {
  const id = useId()
  const phone = usePhone()
  const [score, setScore] = useState(0)
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = async () => {
    setBusy(true)
    setWrong(null)
    try {
      await give({ score, comment })
    } catch (error) {
      setWrong(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <form
      className="col g12"
      onSubmit={(event) => {
        event.preventDefault()
        if (score && !busy) void submit()
      }}
    >
      <fieldset className="stars">
        <legend>{t('portal.rate')}</legend>
        {SCORES.map((one) => (
          <label key={one} className="star" data-on={one <= score || undefined}>
            <input type="radio" name={id} value={one} checked={one === score} onChange={() => setScore(one)} aria-label={t('portal.scoreOf', { n: one, words: t(`portal.score.${one}`) })} />
            <Star size={28} strokeWidth={1.6} fill={one <= score ? 'currentColor' : 'none'} aria-hidden />
          </label>
        ))}
        {score > 0 && (
          <span className="t13 ink2" aria-hidden>
            {t(`portal.score.${score as (typeof SCORES)[number]}`)}
          </span>
        )}
      </fieldset>
      {score > 0 && (
        <>
          <Input.TextArea value={comment} onChange={(event) => setComment(event.target.value)} maxLength={MAX_COMMENT} autoSize={{ minRows: 2, maxRows: 6 }} aria-label={t('portal.why')} placeholder={t('portal.why')} size={phone ? 'large' : 'middle'} />
          {wrong && <Remark tone="red">{wrong}</Remark>}
          <Button type="primary" htmlType="submit" size={phone ? 'large' : 'middle'} block={phone} loading={busy} style={{ alignSelf: 'flex-start' }}>
            {busy ? t('state.sending') : t('portal.sendRating')}
          </Button>
        </>
      )}
    </form>
  )
}

/** A rating that was given. */
export function Rated({ rating }: { rating: Rating }) {
  const score = rating.score ?? 0
  return (
    <div className="col g4">
      <span className="stars-given" role="img" aria-label={t('portal.given', { n: score })}>
        {SCORES.map((one) => (
          <Star key={one} size={18} strokeWidth={1.6} fill={one <= score ? 'currentColor' : 'none'} />
        ))}
      </span>
      {rating.comment && <p className="prose">{rating.comment}</p>}
    </div>
  )
}
