"""BPMN files as the modelers of different engines write them, each small and written for a test."""

from itertools import pairwise

BPMN = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn"'
ACTIVITI = 'xmlns:activiti="http://activiti.org/bpmn"'
SPIFF = 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def definitions(*parts: str, spaces: str = "") -> bytes:
    """A document of these parts."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {BPMN} {XSI} {spaces} '
        f'id="d" targetNamespace="http://example.org">{"".join(parts)}</bpmn:definitions>'
    ).encode()


def process(body: str, attributes: str = 'isExecutable="true"', identity: str = "order") -> str:
    """A process."""
    return f'<bpmn:process id="{identity}" name="Order" {attributes}>{body}</bpmn:process>'


def chain(*identities: str) -> str:
    """Sequence flows from each to the next."""
    pairs = pairwise(identities)
    return "".join(
        f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs
    )


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """One sequence flow, with a condition as engines write it."""
    told = f' name="{name}"' if name else ""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" '
        f'targetRef="{target}"{told}>{inner}</bpmn:sequenceFlow>'
    )


def alone(element: str, identity: str = "step") -> str:
    """A process of a start, this one element and an end."""
    return process(
        '<bpmn:startEvent id="start"/>'
        + element
        + '<bpmn:endEvent id="end"/>'
        + chain("start", identity, "end")
    )


CAMUNDA_7 = definitions(
    '<bpmn:message id="paid" name="Paid"/><bpmn:error id="e1" name="No" errorCode="NO"/>',
    process(
        """
<bpmn:startEvent id="start" camunda:initiator="starter">
 <bpmn:extensionElements><camunda:formData>
  <camunda:formField id="amount" label="Amount" type="long" defaultValue="10">
   <camunda:validation><camunda:constraint name="required"/>
    <camunda:constraint name="min" config="1"/></camunda:validation></camunda:formField>
  <camunda:formField id="kind" label="Kind" type="enum">
   <camunda:value id="new" name="New"/><camunda:value id="old" name="Old"/></camunda:formField>
 </camunda:formData></bpmn:extensionElements></bpmn:startEvent>
<bpmn:userTask id="approve" name="Approve" camunda:assignee="${starter}"
  camunda:candidateGroups="accounting, management"
  camunda:dueDate="${dateTime().plusDays(3).toDate()}"
  camunda:formKey="embedded:app:forms/approve.html" camunda:priority="50">
 <bpmn:extensionElements><camunda:taskListener class="org.x.Listener" event="create"/>
 </bpmn:extensionElements></bpmn:userTask>
<bpmn:exclusiveGateway id="sure" default="sure_no"/>
<bpmn:serviceTask id="archive" name="Archive" camunda:delegateExpression="${archiver}"
  camunda:asyncBefore="true">
 <bpmn:extensionElements><camunda:field name="where"><camunda:string>s3</camunda:string>
 </camunda:field></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:serviceTask id="pay" name="Pay" camunda:type="external" camunda:topic="payments"/>
<bpmn:boundaryEvent id="failed" attachedToRef="pay"><bpmn:errorEventDefinition errorRef="e1"
  camunda:errorCodeVariable="code"/></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="late" attachedToRef="approve" cancelActivity="false">
 <bpmn:timerEventDefinition><bpmn:timeDuration>P2D</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:sendTask id="remind" camunda:class="org.x.Mail"/>
<bpmn:scriptTask id="sum" scriptFormat="groovy"><bpmn:script>total = amount * 2</bpmn:script>
  </bpmn:scriptTask>
<bpmn:scriptTask id="odd" scriptFormat="javascript"><bpmn:script>for (;;) {}</bpmn:script>
  </bpmn:scriptTask>
<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="paid"/>
</bpmn:intermediateCatchEvent>
<bpmn:businessRuleTask id="rule" camunda:decisionRef="dish" camunda:resultVariable="dish"
  camunda:mapDecisionResult="singleEntry"/>
<bpmn:callActivity id="call" calledElement="ship">
 <bpmn:extensionElements><camunda:in source="amount" target="weight"/>
  <camunda:out sourceExpression="${cost + 1}" target="price"/>
  <camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
  </bpmn:callActivity>
<bpmn:endEvent id="no"/><bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/><bpmn:endEvent
  id="end3"/>
"""
        + chain("start", "approve", "sure")
        + flow("sure", "no", name="No")
        + flow("sure", "archive", "${approved &amp;&amp; amount &gt;= 1}", "Yes")
        + chain("archive", "pay", "sum", "odd", "wait", "rule", "call", "end")
        + chain("failed", "end2")
        + chain("late", "remind", "end3"),
    ),
    process(
        '<bpmn:startEvent id="s2"/><bpmn:scriptTask id="cost" scriptFormat="javascript">'
        "<bpmn:script>execution.setVariable('cost', 5);</bpmn:script></bpmn:scriptTask>"
        '<bpmn:endEvent id="x2"/>' + chain("s2", "cost", "x2"),
        identity="ship",
    ),
    spaces=CAMUNDA,
)

CAMUNDA_7_VOTE = definitions(
    process(
        """
<bpmn:startEvent id="start"/>
<bpmn:userTask id="vote" name="Vote" camunda:assignee="${voter}">
 <bpmn:multiInstanceLoopCharacteristics camunda:collection="${voters}"
  camunda:elementVariable="voter">
  <bpmn:completionCondition
   >${nrOfCompletedInstances/nrOfInstances &gt;= 0.6}</bpmn:completionCondition>
 </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
<bpmn:serviceTask id="tell" camunda:expression="${mail.send()}">
 <bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="people"
   camunda:elementVariable="one"/></bpmn:serviceTask>
<bpmn:endEvent id="end"/>"""
        + chain("start", "vote", "tell", "end")
    ),
    spaces=CAMUNDA,
)

CAMUNDA_8 = definitions(
    '<bpmn:message id="m" name="=&quot;Paid&quot;"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=orderId"/></bpmn:extensionElements></bpmn:message>',
    process(
        """
<bpmn:extensionElements><zeebe:userTaskForm id="f1">{"components": [
 {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": true}},
 {"type": "radio", "key": "size", "label": "Size", "values": [{"label": "Big", "value": "big"}]},
 {"type": "text", "text": "# Hello"}, {"type": "checkbox", "key": "urgent", "label": "Urgent"}
]}</zeebe:userTaskForm></bpmn:extensionElements>
<bpmn:startEvent id="start"/>
<bpmn:userTask id="check" name="Check"><bpmn:extensionElements>
 <zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>
 <zeebe:assignmentDefinition assignee="=checker" candidateGroups="sales"/>
 <zeebe:taskSchedule dueDate="=now() + duration(&quot;PT4H&quot;)"/>
 <zeebe:ioMapping><zeebe:output source="=size" target="chosen"/></zeebe:ioMapping>
</bpmn:extensionElements></bpmn:userTask>
<bpmn:exclusiveGateway id="g" default="g_end"/>
<bpmn:serviceTask id="charge" name="Charge"><bpmn:extensionElements>
 <zeebe:taskDefinition type="charge-card" retries="3"/>
 <zeebe:taskHeaders><zeebe:header key="url" value="https://x"/></zeebe:taskHeaders>
</bpmn:extensionElements></bpmn:serviceTask>
<bpmn:scriptTask id="calc"><bpmn:extensionElements>
 <zeebe:script expression="=1 + 2" resultVariable="three"/></bpmn:extensionElements>
  </bpmn:scriptTask>
<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m"/>
</bpmn:intermediateCatchEvent>
<bpmn:businessRuleTask id="rule"><bpmn:extensionElements>
 <zeebe:calledDecision decisionId="dish" resultVariable="dish"/></bpmn:extensionElements>
  </bpmn:businessRuleTask>
<bpmn:callActivity id="call"><bpmn:extensionElements>
 <zeebe:calledElement processId="elsewhere" propagateAllChildVariables="false"/>
  </bpmn:extensionElements></bpmn:callActivity>
<bpmn:endEvent id="end"/><bpmn:endEvent id="done"/>"""
        + chain("start", "check", "g")
        + flow("g", "end")
        + flow("g", "charge", "=urgent and order.total &gt; 5")
        + chain("charge", "calc", "wait", "rule", "call", "done")
    ),
    spaces=ZEEBE,
)

FLOWABLE_FILE = definitions(
    process(
        """
<bpmn:startEvent id="start" flowable:initiator="initiator" flowable:formFieldValidation="true">
 <bpmn:extensionElements>
  <flowable:formProperty id="days" name="Days" type="long" required="true"/>
  <flowable:formProperty id="why" name="Why" type="enum"><flowable:value id="ill" name="Ill"/>
   <flowable:value id="rest" name="Rest"/></flowable:formProperty></bpmn:extensionElements>
  </bpmn:startEvent>
<bpmn:userTask id="sid-1A-2B" name="Leader" flowable:candidateUsers="kermit,${boss}"
  flowable:category="leave" flowable:skipExpression="${skip}"/>
<bpmn:exclusiveGateway id="sid-3"/>
<bpmn:serviceTask id="rule" flowable:type="dmn"><bpmn:extensionElements>
 <flowable:field name="decisionTableReferenceKey"><flowable:string>days</flowable:string>
  </flowable:field>
</bpmn:extensionElements></bpmn:serviceTask>
<bpmn:serviceTask id="mail" flowable:type="mail"><bpmn:extensionElements>
 <flowable:field name="to"><flowable:expression>${who}</flowable:expression></flowable:field>
</bpmn:extensionElements></bpmn:serviceTask>
<bpmn:intermediateCatchEvent id="later"><bpmn:timerEventDefinition>
 <bpmn:timeCycle flowable:endDate="2030-01-01">0 0 9 * * ?</bpmn:timeCycle>
  </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>"""
        + chain("start", "sid-1A-2B", "sid-3")
        + flow("sid-3", "rule", "${bean.long(days)}", "long")
        + flow("sid-3", "end2", name="short")
        + chain("rule", "mail", "later", "end")
    ),
    spaces=FLOWABLE,
)

ACTIVITI_FILE = definitions(
    process(
        """
<bpmn:startEvent id="start"/>
<bpmn:userTask id="sign" name="会签" activiti:assignee="${person}">
 <bpmn:extensionElements><activiti:taskListener event="complete" expression="${x.y(task)}"/>
  </bpmn:extensionElements>
 <bpmn:multiInstanceLoopCharacteristics isSequential="true" activiti:collection="persons"
   activiti:elementVariable="person"/></bpmn:userTask>
<bpmn:userTask id="one" name="Write">
 <bpmn:potentialOwner><bpmn:resourceAssignmentExpression>
  <bpmn:formalExpression>user(kermit), group(sales)
 </bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner>
  </bpmn:userTask>
<bpmn:serviceTask id="call" activiti:class="org.x.Y" activiti:resultVariableName="found"/>
<bpmn:endEvent id="end"/>"""
        + chain("start", "sign", "one", "call", "end")
    ),
    spaces=ACTIVITI,
)

SPIFF_FILE = definitions(
    process(
        """
<bpmn:startEvent id="start"/>
<bpmn:userTask id="ask" name="Ask"><bpmn:extensionElements>
 <spiffworkflow:properties><spiffworkflow:property name="formJsonSchemaFilename"
  value="ask.json"/>
  <spiffworkflow:property name="formUiSchemaFilename" value="ask-ui.json"/>
  </spiffworkflow:properties>
 <spiffworkflow:preScript>import os</spiffworkflow:preScript></bpmn:extensionElements>
  </bpmn:userTask>
<bpmn:exclusiveGateway id="g" default="g_end"/>
<bpmn:scriptTask id="set"><bpmn:script>x = 1
y = x if a == 'b' else None</bpmn:script></bpmn:scriptTask>
<bpmn:serviceTask id="get"><bpmn:extensionElements><spiffworkflow:serviceTaskOperator
  id="http/GetRequest"
  resultVariable="r"><spiffworkflow:parameters><spiffworkflow:parameter id="url" type="str"
  value="'x'"/>
 </spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements>
  </bpmn:serviceTask>
<bpmn:businessRuleTask id="rule"><bpmn:extensionElements>
 <spiffworkflow:calledDecisionId>cost</spiffworkflow:calledDecisionId></bpmn:extensionElements>
  </bpmn:businessRuleTask>
<bpmn:manualTask id="show"><bpmn:extensionElements>
 <spiffworkflow:instructionsForEndUser>Hi {{ name }}</spiffworkflow:instructionsForEndUser>
  </bpmn:extensionElements></bpmn:manualTask>
<bpmn:endEvent id="end"/><bpmn:endEvent id="end2"/>"""
        + chain("start", "ask", "g")
        + flow("g", "end")
        + flow("g", "set", "a == 'b' and not c")
        + chain("set", "get", "rule", "show", "end2")
    ),
    spaces=SPIFF,
)

PLAIN = definitions(
    process(
        """
<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="财务部"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>
  </bpmn:lane>
<bpmn:lane id="l2" name="Sales"><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="start"/><bpmn:task id="a" name="A"/><bpmn:exclusiveGateway id="ok"
  name="Ok?"/>
<bpmn:task id="b" name="B"/><bpmn:inclusiveGateway id="which"/><bpmn:task id="c"/><bpmn:task
  id="e"/>
<bpmn:inclusiveGateway id="join"/><bpmn:parallelGateway id="p"/><bpmn:endEvent id="end"/>
<bpmn:intermediateCatchEvent id="pause" name="Pause"/>"""
        + chain("start", "a", "ok")
        + flow("ok", "b", name="通过")
        + flow("ok", "a", name="No")
        + chain("b", "which", "c", "join")
        + chain("which", "e", "join")
        + chain("join", "pause", "end"),
        attributes='isExecutable="false"',
    )
)

TWO_POOLS = definitions(
    '<bpmn:collaboration id="co"><bpmn:participant id="p1" name="Customer" processRef="customer"/>'
    '<bpmn:participant id="p2" name="Shop" processRef="shop"/>'
    '<bpmn:participant id="p3" name="Bank"/>'
    '<bpmn:messageFlow id="mf" sourceRef="buy" targetRef="got"/></bpmn:collaboration>',
    process('<bpmn:task id="buy" name="Buy"/>', "", "customer"),
    process(
        '<bpmn:startEvent id="got"><bpmn:messageEventDefinition/></bpmn:startEvent>'
        '<bpmn:userTask id="pack" name="Pack"/><bpmn:sendTask id="tell"/>'
        '<bpmn:receiveTask id="hear"/>'
        '<bpmn:eventBasedGateway id="race"/><bpmn:task id="x"/><bpmn:task id="y"/>'
        + chain("got", "pack", "tell", "hear", "race", "x")
        + chain("race", "y"),
        "",
        "shop",
    ),
)

CHOREOGRAPHY = definitions(
    '<bpmn:participant id="a" name="A"/><bpmn:choreography id="ch"><bpmn:participant id="pa"/>'
    '<bpmn:startEvent id="s"/><bpmn:choreographyTask id="t" name="Order" '
    'initiatingParticipantRef="pa">'
    '<bpmn:participantRef>pa</bpmn:participantRef></bpmn:choreographyTask><bpmn:endEvent id="e"/>'
    + chain("s", "t", "e")
    + "</bpmn:choreography>"
)

DIALECTS = {
    "camunda 7": CAMUNDA_7,
    "camunda 7 vote": CAMUNDA_7_VOTE,
    "camunda 8": CAMUNDA_8,
    "flowable": FLOWABLE_FILE,
    "activiti": ACTIVITI_FILE,
    "spiff": SPIFF_FILE,
    "plain": PLAIN,
    "two pools": TWO_POOLS,
    "choreography": CHOREOGRAPHY,
}
