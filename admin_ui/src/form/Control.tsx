// The control of each field kind; rare and heavy ones are loaded when a form has them.
import { lazy, Suspense, type ComponentType } from 'react'
import { Choice, Choices, YesNo } from './controls/choices'
import { Files } from './controls/files'
import { GroupOrDepartment, User } from './controls/named'
import { Place } from './controls/Place'
import type { ControlProps } from './controls/props'
import { NumberInput, Stars, Text, TextArea } from './controls/texts'
import { ValueView } from './ValueView'

const Dates = lazy(() => import('./controls/Dates'))
const Tree = lazy(() => import('./controls/Tree'))
const Signature = lazy(() => import('./controls/Signature'))
const Scan = lazy(() => import('./controls/Scan'))
const Things = lazy(() => import('./controls/Things'))
const RichText = lazy(() => import('./controls/RichText'))

const controls: Record<string, ComponentType<ControlProps>> = {
  textarea: TextArea,
  richtext: RichText,
  number: NumberInput,
  money: NumberInput,
  rating: Stars,
  boolean: YesNo,
  choice: Choice,
  choices: Choices,
  cascade: Tree,
  date: Dates,
  time: Dates,
  datetime: Dates,
  date_range: Dates,
  user: User,
  group: GroupOrDepartment,
  department: GroupOrDepartment,
  attachment: Files,
  photo: Files,
  signature: Signature,
  location: Place,
  scan: Scan,
  asset: Things,
  ticket: Things,
}

export function Control(props: ControlProps) {
  if (props.state.readOnly || props.field.kind === 'computed')
    return (
      <div id={props.id} role="group" aria-labelledby={props.labelId} className="value-box" tabIndex={-1}>
        <ValueView field={props.field} value={props.value} options={props.state.options} />
      </div>
    )
  const Kind = controls[props.field.kind] ?? Text
  return (
    <Suspense fallback={<div className="control-wait" />}>
      <Kind {...props} />
    </Suspense>
  )
}
