// What the person wants to hear, when, and in which language; each change is kept at once.
import { App, Segmented, Switch, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { asProblem } from '../../api/client'
import { useWish, useWishes, type Digest, type Wishes as Given } from '../../api/notices'
import { known, t } from '../../i18n/t'
import { Failed, Loading } from '../../ui/bits'

const CLOCK = 'HH:mm'
const MAIL = 'email'
const OWN = ''

export function Wishes() {
  const { message } = App.useApp()
  const { data, error, refetch } = useWishes()
  const wish = useWish()
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data) return <Loading />
  const keep = async (change: Partial<Given>) => {
    try {
      await wish.mutateAsync(change)
      void message.success(t('notify.saved'))
    } catch (problem) {
      void message.error(asProblem(problem).message)
    }
  }
  const toggled = (list: string[], key: string, wanted: boolean) => (wanted ? list.filter((each) => each !== key) : [...list, key])
  const kinds = data.kinds.filter((kind) => known(`notify.kind.${kind}`))
  const clock = (at: string | null) => (at ? dayjs(`2000-01-01T${at}`) : null)
  const quiet = (span: [Dayjs | null, Dayjs | null] | null) => {
    const [from, to] = span ?? [null, null]
    if (!from !== !to) return // half of it is no time yet
    void keep({ quiet_from: from?.format(CLOCK) ?? null, quiet_to: to?.format(CLOCK) ?? null })
  }
  return (
    <div className="col g16">
      <section className="card p16 col g8">
        <h2>{t('notify.kinds')}</h2>
        {kinds.map((kind) => (
          <Line key={kind} name={known(`notify.kind.${kind}`)!}>
            <Switch aria-label={known(`notify.kind.${kind}`)!} checked={!data.muted.includes(kind)} onChange={(wanted) => void keep({ muted: toggled(data.muted, kind, wanted) })} />
          </Line>
        ))}
      </section>
      <section className="card p16 col g8">
        <Line name={t('notify.mail')}>
          <Switch
            aria-label={t('notify.mail')}
            checked={!data.muted_channels.includes(MAIL)}
            onChange={(wanted) => void keep({ muted_channels: toggled(data.muted_channels, MAIL, wanted) })}
          />
        </Line>
        <Line name={t('notify.digest')}>
          <Segmented<Digest>
            aria-label={t('notify.digest')}
            value={data.digest}
            onChange={(digest) => void keep({ digest })}
            options={(['none', 'hourly', 'daily'] as const).map((value) => ({ value, label: t(`notify.digest.${value}`) }))}
          />
        </Line>
        <Line name={t('notify.quiet')} what={t('notify.quietWhat')}>
          <TimePicker.RangePicker
            aria-label={t('notify.quiet')}
            order={false}
            format={CLOCK}
            minuteStep={15}
            placeholder={[t('notify.quietFrom'), t('notify.quietTo')]}
            value={[clock(data.quiet_from), clock(data.quiet_to)]}
            onChange={quiet}
          />
        </Line>
        <Line name={t('notify.language')}>
          <Segmented
            aria-label={t('notify.language')}
            value={data.language ?? OWN}
            onChange={(language) => void keep({ language: language || null })}
            options={[
              { value: OWN, label: t('notify.language.own') },
              { value: 'zh-CN', label: t('prefs.zh') },
              { value: 'en', label: t('prefs.en') },
            ]}
          />
        </Line>
      </section>
    </div>
  )
}

function Line({ name, what, children }: { name: string; what?: string; children: React.ReactNode }) {
  return (
    <div className="wish">
      <span className="col">
        {name}
        {what && <span className="cap">{what}</span>}
      </span>
      {children}
    </div>
  )
}
