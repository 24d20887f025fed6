// `/rate/…`: rating a ticket by a link from a message, without a sign-in.
import { useQueryClient } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { asProblem } from '../../api/client'
import { rateByLink, useLinkedRating } from '../../api/ratings'
import { t } from '../../i18n/t'
import { Empty, Failed, Loading } from '../../ui/bits'
import { Logo } from '../../ui/mark'
import { Rated, RatingForm } from './RatingForm'
import './portal.css'

export default function RateByLink() {
  const { token = '' } = useParams()
  const client = useQueryClient()
  const { data, error, refetch } = useLinkedRating(token)
  return (
    <main className="portal-main narrow col g16">
      <Logo />
      <div className="card p16 col g12">
        {error ? (
          asProblem(error).status === 404 ? (
            <Empty title={t('portal.badLink')} text={t('portal.badLinkWhat')} />
          ) : (
            <Failed error={error} again={() => void refetch()} />
          )
        ) : !data ? (
          <Loading />
        ) : (
          <>
            <span className="cap">{data.type_name}</span>
            <h1>{data.title}</h1>
            {data.score !== null ? (
              <>
                <b>{t('portal.thanks')}</b>
                <Rated rating={data} />
              </>
            ) : data.may_rate ? (
              <RatingForm give={(given) => rateByLink(token, given).then((rated) => client.setQueryData(['rating-link', token], rated))} />
            ) : (
              <p className="ink2">{t('portal.notYet')}</p>
            )}
          </>
        )}
      </div>
    </main>
  )
}
