// Kinds whose answer is picked from what the form offers.
import { Select } from 'antd'
import type { Option } from '../../api/types'
import { t, words } from '../../i18n/t'
import { aria, size, type ControlProps } from './props'

const label = (option: Option) => words(option.label) || option.value
const FEW = 4

export function Choice(props: ControlProps) {
  const { field, state, value, onChange, dense } = props
  const style = field.style ?? (!dense && state.options.length <= FEW ? 'radio' : 'select')
  if (style === 'select' && state.options.length > 0) {
    const { status, ...named } = aria(props)
    return (
      <Select
        {...named}
        status={status}
        size={size(props)}
        style={{ width: '100%' }}
        allowClear={!state.required}
        showSearch={state.options.length > 8 ? { optionFilterProp: 'label' } : false}
        placeholder={words(field.placeholder) || t('form.choose')}
        value={(value as string | null) ?? undefined}
        onChange={(next?: string) => onChange(next ?? null)}
        options={state.options.map((option) => ({ value: option.value, label: label(option) }))}
      />
    )
  }
  return <Tiles {...props} several={false} cards={style === 'cards'} />
}

export function Choices(props: ControlProps) {
  const { field, state, value, onChange, dense } = props
  const style = field.style ?? (!dense && state.options.length <= 6 ? 'checkbox' : 'select')
  if (style === 'select') {
    const { status, ...named } = aria(props)
    return (
      <Select
        {...named}
        status={status}
        size={size(props)}
        mode="multiple"
        style={{ width: '100%' }}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={words(field.placeholder) || t('form.choose')}
        value={(value as string[] | null) ?? []}
        onChange={(next: string[]) => onChange(next)}
        options={state.options.map((option) => ({ value: option.value, label: label(option) }))}
      />
    )
  }
  return <Tiles {...props} several />
}

export function YesNo(props: ControlProps) {
  const { value, onChange } = props
  const options: Option[] = [{ value: 'yes', label: t('form.yes') }, { value: 'no', label: t('form.no') }]
  return (
    <Tiles
      {...props}
      state={{ ...props.state, options }}
      value={value === true ? 'yes' : value === false ? 'no' : null}
      onChange={(next) => onChange(next === 'yes' ? true : next === 'no' ? false : null)}
      several={false}
    />
  )
}

/** Options side by side: native radio buttons or check boxes in large labels. */
function Tiles({ id, labelId, state, value, onChange, several, cards, invalid, describedBy }: ControlProps & { several: boolean; cards?: boolean }) {
  const picked = several ? ((value as string[] | null) ?? []) : value == null ? [] : [value as string]
  return (
    <div className={cards ? 'tiles tiles-cards' : 'tiles'} id={id} role={several ? 'group' : 'radiogroup'} aria-labelledby={labelId} aria-describedby={describedBy}>
      {state.options.map((option) => {
        const on = picked.includes(option.value)
        return (
          <label key={option.value} className="tile" data-on={on || undefined}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              value={option.value}
              checked={on}
              aria-invalid={invalid || undefined}
              onChange={() => onChange(several ? (on ? picked.filter((one) => one !== option.value) : [...picked, option.value]) : option.value)}
            />
            <span className="col">
              <span className={option.help ? 'tile-name strong' : 'tile-name'}>{label(option)}</span>
              {option.help && <span className="t12 ink2">{words(option.help)}</span>}
            </span>
          </label>
        )
      })}
    </div>
  )
}
