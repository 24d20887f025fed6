// A text in both languages, one below the other.
import { Input } from 'antd'
import { t, type Words } from '../../../i18n/t'
import { LANGUAGES, textIn, withText } from './languages'

export function WordsInput({ label, name, value, onChange, long }: { label: string; name?: string; value: Words | undefined; onChange: (value: Words | undefined) => void; long?: boolean }) {
  return (
    <div className="col g6" data-setting={name}>
      <span className="row apart">
        <span className="fd-label">{label}</span>
        <span className="cap">{t('prefs.languages')}</span>
      </span>
      {LANGUAGES.map((language) => {
        const common = { 'aria-label': `${label} · ${t(`formDesigner.language.${language}`)}`, lang: language, value: textIn(value, language), placeholder: t(`formDesigner.language.${language}`) }
        return long ? (
          <Input.TextArea key={language} {...common} autoSize={{ minRows: 2, maxRows: 8 }} onChange={(event) => onChange(withText(value, language, event.target.value))} />
        ) : (
          <Input key={language} {...common} onChange={(event) => onChange(withText(value, language, event.target.value))} />
        )
      })}
    </div>
  )
}
