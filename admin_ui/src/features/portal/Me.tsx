// What belongs to the person, as a page for the phone.
import { Button, Segmented } from 'antd'
import { Link } from 'react-router'
import { useMe } from '../../api/queries'
import { language, t } from '../../i18n/t'
import { Avatar } from '../../ui/bits'
import { switchLanguage } from '../../ui/language'
import { OwnAbsences } from '../records/OwnAbsences'
import { useSignOut, worksHere } from '../../ui/menu'
import { chooseMode, useModeChoice, type Language, type ModeChoice } from '../../ui/prefs'

export default function Me() {
  const { user } = useMe()
  const mode = useModeChoice()
  const out = useSignOut()
  return (
    <main className="portal-main narrow col g16">
      <div className="card p16 row g12">
        <Avatar name={user.name} size={44} />
        <div className="col">
          <h1>{user.name}</h1>
          <span className="cap">{user.username}</span>
        </div>
      </div>
      <div className="card p16 col g16">
        <div className="row apart g12">
          <span>{t('prefs.language')}</span>
          <Segmented<Language>
            aria-label={t('prefs.languages')}
            value={language()}
            onChange={(next) => void switchLanguage(next)}
            options={[
              { value: 'zh-CN', label: t('prefs.zh') },
              { value: 'en', label: t('prefs.en') },
            ]}
          />
        </div>
        <div className="row apart g12">
          <span>{t('prefs.mode')}</span>
          <Segmented<ModeChoice> aria-label={t('prefs.mode')} value={mode} onChange={chooseMode} options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`prefs.mode.${value}`) }))} />
        </div>
      </div>
      <OwnAbsences />
      {worksHere(user.roles) && (
        <Link to="/work" className="card p16">
          {t('nav.toWork')}
        </Link>
      )}
      <Button size="large" onClick={() => void out()}>
        {t('do.signOut')}
      </Button>
    </main>
  )
}
