// Picking a leaf of a tree, such as a category.
import { Cascader } from 'antd'
import type { Option } from '../../api/types'
import { t, words } from '../../i18n/t'
import { aria, size, type ControlProps } from './props'

interface Node {
  value: string
  label: string
  children?: Node[]
}

const node = (option: Option): Node => ({ value: option.value, label: words(option.label) || option.value, children: option.children?.length ? option.children.map(node) : undefined })

export default function Tree(props: ControlProps) {
  const { field, state, value, onChange } = props
  const { status, ...named } = aria(props)
  return (
    <Cascader
      {...named}
      status={status}
      size={size(props)}
      style={{ width: '100%' }}
      changeOnSelect={!!field.any_level}
      showSearch
      placeholder={words(field.placeholder) || t('form.choose')}
      options={state.options.map(node)}
      value={(value as string[] | null) ?? undefined}
      onChange={(next) => onChange((next as string[] | undefined) ?? null)}
    />
  )
}
