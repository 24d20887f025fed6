// The ready-made steps: what each is in BPMN, and what it says from the beginning.

export interface Template {
  key: string // `designer.step.<key>` names and explains it; new elements are called by it in both languages
  type: string
  event?: string // what an event waits for or does
  id: string // beginning of the ids
  properties?: Record<string, string>
  service?: string // its operation
}

export const GROUPS: { name: 'people' | 'system' | 'ways'; steps: Template[] }[] = [
  {
    name: 'people',
    steps: [
      { key: 'work', type: 'bpmn:UserTask', id: 'handle' },
      { key: 'approval', type: 'bpmn:UserTask', id: 'approve', properties: { approval: 'any', approvers: 'manager:1', when_empty: 'admin' } },
      { key: 'customer', type: 'bpmn:UserTask', id: 'customer', properties: { assignee: '=ticket.requester' } },
    ],
  },
  {
    name: 'system',
    steps: [
      { key: 'assign', type: 'bpmn:UserTask', id: 'handle', properties: { strategy: 'least_loaded' } },
      { key: 'rules', type: 'bpmn:BusinessRuleTask', id: 'rules' },
      { key: 'notify', type: 'bpmn:ServiceTask', id: 'notify', properties: { operation: 'add_comment', visibility: 'public' } },
      { key: 'timer', type: 'bpmn:IntermediateCatchEvent', event: 'bpmn:TimerEventDefinition', id: 'wait' },
      { key: 'service', type: 'bpmn:ServiceTask', id: 'call', properties: { operation: 'set_priority' } },
    ],
  },
  {
    name: 'ways',
    steps: [
      { key: 'branch', type: 'bpmn:ExclusiveGateway', id: 'branch' },
      { key: 'parallel', type: 'bpmn:ParallelGateway', id: 'parallel' },
      { key: 'end', type: 'bpmn:EndEvent', id: 'end' },
    ],
  },
]

/** All other shapes that run, for those who know BPMN. */
export const RAW: Template[] = [
  { key: 'raw.start', type: 'bpmn:StartEvent', id: 'start' },
  { key: 'raw.manual', type: 'bpmn:ManualTask', id: 'manual' },
  { key: 'raw.script', type: 'bpmn:ScriptTask', id: 'script' },
  { key: 'raw.send', type: 'bpmn:SendTask', id: 'send' },
  { key: 'raw.receive', type: 'bpmn:ReceiveTask', id: 'receive' },
  { key: 'raw.task', type: 'bpmn:Task', id: 'task' },
  { key: 'raw.call', type: 'bpmn:CallActivity', id: 'process' },
  { key: 'raw.sub', type: 'bpmn:SubProcess', id: 'sub' },
  { key: 'raw.inclusive', type: 'bpmn:InclusiveGateway', id: 'inclusive' },
  { key: 'raw.events', type: 'bpmn:EventBasedGateway', id: 'events' },
  { key: 'raw.message', type: 'bpmn:IntermediateCatchEvent', event: 'bpmn:MessageEventDefinition', id: 'message' },
  { key: 'raw.signal', type: 'bpmn:IntermediateThrowEvent', event: 'bpmn:SignalEventDefinition', id: 'signal' },
  { key: 'raw.terminate', type: 'bpmn:EndEvent', event: 'bpmn:TerminateEventDefinition', id: 'end' },
]

export const templateOf = (key: string): Template | undefined => [...GROUPS.flatMap((group) => group.steps), ...RAW].find((one) => one.key === key)
