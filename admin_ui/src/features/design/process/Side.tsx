// The right pane: the picked step and its settings as questions; with nothing picked, all steps in a list.
import { Tabs } from 'antd'
import { Copy, Trash2 } from 'lucide-react'
import { duplicate } from '../../../bpmn/placing'
import { kindOf, type Drawn } from '../../../bpmn/parts'
import { isApproval, isWork, readTimer } from '../../../bpmn/settings'
import { known, t } from '../../../i18n/t'
import { icon14, IconButton } from '../../../ui/bits'
import { Advanced } from './Advanced'
import { Approval } from './Approval'
import { useDesk } from './context'
import { BorderQuestion, EndQuestion, TimerQuestion } from './Events'
import { titleOf } from './facts'
import { FormTab } from './FormTab'
import { DescriptionQuestion, NameQuestion, OpenQuestions } from './Naming'
import { Overview } from './Overview'
import { StatusQuestion } from './StatusQuestion'
import { RulesQuestion, ServiceQuestion } from './System'
import { TimeTab } from './TimeTab'
import { Branch, Way } from './Ways'
import { Who } from './Who'

export function Side({ picked }: { picked: Drawn | undefined }) {
  const { part, findings } = useDesk()
  if (!picked || !picked.parent) return <Overview />
  const own = findings.filter((finding) => finding.element === picked.id)
  return (
    <div className="pd-side-inner" key={picked.id} data-picked={picked.id}>
      <div className="row g8 top">
        <h2 className="grow">{heading(picked)}</h2>
        {!picked.waypoints && (
          <IconButton label={t('designer.copy')} onClick={() => duplicate(part, picked)}>
            <Copy {...icon14} />
          </IconButton>
        )}
        <IconButton label={t('designer.remove')} onClick={() => part('modeling').removeElements([picked])}>
          <Trash2 {...icon14} />
        </IconButton>
      </div>
      {own.map((finding, at) => (
        <p key={at} className={`pd-own tone-${finding.severity === 'error' ? 'red' : 'amber'}`}>
          {finding.text}
        </p>
      ))}
      <OpenQuestions of={picked} />
      <Questions of={picked} />
      <Advanced of={picked} />
    </div>
  )
}

function heading(of: Drawn): string {
  const kind = isApproval(of) ? t('designer.step.approval') : (known(`designer.kind.${kindOf(of)}`) ?? kindOf(of))
  const title = titleOf(of)
  return title && title !== kind ? t('designer.heading', { kind, title }) : kind
}

function Questions({ of }: { of: Drawn }) {
  const kind = kindOf(of)
  if (kind === 'SequenceFlow') return <Way of={of} />
  if (isWork(of))
    return (
      <Tabs
        items={[
          { key: 'who', label: t(isApproval(of) ? 'designer.tab.approve' : 'designer.tab.who'), children: <Pane>{[<NameQuestion key="name" of={of} />, isApproval(of) ? <Approval key="who" of={of} /> : <Who key="who" of={of} />, <StatusQuestion key="status" of={of} />]}</Pane> },
          { key: 'form', label: t('designer.tab.form'), children: <Pane><FormTab of={of} /></Pane> },
          { key: 'time', label: t('designer.tab.time'), children: <Pane><TimeTab of={of} /></Pane> },
          { key: 'more', label: t('designer.tab.more'), children: <Pane><DescriptionQuestion of={of} /></Pane> },
        ]}
      />
    )
  if (kind.endsWith('Gateway')) return <Branch of={of} />
  return (
    <Pane>
      <NameQuestion of={of} />
      {readTimer(of) && <TimerQuestion of={of} />}
      {kind === 'BoundaryEvent' && <BorderQuestion of={of} />}
      {kind === 'EndEvent' && <EndQuestion of={of} />}
      {kind === 'ServiceTask' && <ServiceQuestion of={of} />}
      {kind === 'BusinessRuleTask' && <RulesQuestion of={of} />}
      <StatusQuestion of={of} />
    </Pane>
  )
}

const Pane = ({ children }: { children: React.ReactNode }) => <div className="pd-pane col g16">{children}</div>
