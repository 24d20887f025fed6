// The files that a new ticket type begins with: a manifest, a process of three steps, a first form.
import { inline, quoted } from './manifest'

export interface NewType {
  key: string
  zh: string
  en: string
  prefix: string
  department: string | null
  icon: string | null
}

type Named = Record<string, string>

export const emptyForm = (key: string, title: Named): string => JSON.stringify({ key, title, fields: [] }, null, 2) + '\n'

/** `handle` is what the step of work is called, by language. */
export function filesOf(type: NewType, named: { form: Named; title: Named; statuses: Record<string, Named>; process: { start: Named; handle: Named; end: Named } }): Record<string, string> {
  return { 'package.toml': manifest(type, named.statuses), 'process.bpmn': process(type, named.process), 'forms/report.json': firstForm(named.form, named.title) }
}

const CATEGORY: Record<string, string> = { handling: 'open', waiting: 'waiting', done: 'closed', rejected: 'cancelled' }

function manifest({ key, zh, en, prefix, department, icon }: NewType, statuses: Record<string, Named>): string {
  const lines = [
    `key = ${quoted(key)}`,
    `number = ${quoted(`${prefix}-{date}-{seq:4}`)}`,
    `name = ${inline({ 'zh-CN': zh || en, en: en || zh })}`,
    ...(department ? [`department = ${quoted(department)}`] : []),
    ...(icon ? [`icon = ${quoted(icon)}`] : []),
    'intake = "report"',
    '',
    '[statuses]',
    ...Object.entries(CATEGORY).map(([status, category]) => `${status} = { category = "${category}", ${inline(statuses[status]!).slice(2, -2)} }`),
  ]
  return lines.join('\n') + '\n'
}

const firstForm = (title: Named, field: Named): string => JSON.stringify({ key: 'report', title, fields: [{ key: 'description', kind: 'textarea', label: field, required: true }] }, null, 2) + '\n'

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

function process({ key, zh, en }: NewType, { start, handle, end }: { start: Named; handle: Named; end: Named }): string {
  const said = (named: Named, more: Record<string, string> = {}) => `      <bpmn:extensionElements>
        <spiffworkflow:properties>
${Object.entries({ 'name.en': named.en ?? '', ...more }).map(([name, value]) => `          <spiffworkflow:property name="${name}" value="${escaped(value)}" />`).join('\n')}
        </spiffworkflow:properties>
      </bpmn:extensionElements>`
  const name = (named: Named) => escaped(named['zh-CN'] ?? '')
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definitions_${key}" targetNamespace="urn:banjie:${key}">
  <bpmn:process id="${key}" name="${escaped(zh || en)}" isExecutable="true">
    <bpmn:startEvent id="reported" name="${name(start)}">
${said(start)}
      <bpmn:outgoing>reported_to_handle</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="handle" name="${name(handle)}">
${said(handle, { form: 'report', access: '*:read', status: 'handling' })}
      <bpmn:incoming>reported_to_handle</bpmn:incoming>
      <bpmn:outgoing>handle_to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="${name(end)}">
${said(end, { status: 'done' })}
      <bpmn:incoming>handle_to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="reported_to_handle" sourceRef="reported" targetRef="handle" />
    <bpmn:sequenceFlow id="handle_to_done" sourceRef="handle" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_${key}">
    <bpmndi:BPMNPlane id="plane_${key}" bpmnElement="${key}">
      <bpmndi:BPMNShape id="reported_di" bpmnElement="reported">
        <dc:Bounds x="162" y="222" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="152" y="264" width="56" height="16" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="handle_di" bpmnElement="handle">
        <dc:Bounds x="260" y="200" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_di" bpmnElement="done">
        <dc:Bounds x="422" y="222" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="412" y="264" width="56" height="16" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="reported_to_handle_di" bpmnElement="reported_to_handle">
        <di:waypoint x="198" y="240" />
        <di:waypoint x="260" y="240" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="handle_to_done_di" bpmnElement="handle_to_done">
        <di:waypoint x="360" y="240" />
        <di:waypoint x="422" y="240" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`
}
