"""The process designer by mouse and keyboard: steps, questions, problems, undo, publishing."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import no_findings

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]
DIAGRAM = "process.bpmn"

_CALL = """async ([method, path, type, bytes, headers]) => {
  const session = await (await fetch('/api/v1/session')).json()
  const key = 'k' + crypto.getRandomValues(new Uint32Array(2)).join('')
  const sent = {'X-CSRF-Token': session.csrf, 'Idempotency-Key': key, ...headers}
  if (type) sent['Content-Type'] = type
  const body = bytes === null ? undefined : Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))
  const answer = await fetch('/api/v1' + path, {method, headers: sent, body})
  return [answer.status, await answer.text()]
}"""


def _call(page: Page, method: str, path: str, body: bytes | None = None, kind: str = "") -> str:
    """A call with the session of the page; the answer as text."""
    data = None if body is None else base64.b64encode(body).decode()
    status, text = page.evaluate(_CALL, [method, path, kind, data, {}])
    assert status < 400, text
    return str(text)


def _file(page: Page, key: str, path: str = DIAGRAM) -> str:
    return _call(page, "GET", f"/processes/{key}/draft/files/{path}")


def _open(page: Page, key: str) -> None:
    """The designer on a fresh draft of the running version."""
    versions = json.loads(_call(page, "GET", f"/processes/{key}/versions"))
    newest = versions["items"][0]["version"]
    body = json.dumps({"version": newest}).encode()
    _call(page, "PUT", f"/processes/{key}/draft", body, "application/json")
    page.goto(f"/design/{key}")
    expect(page.locator(".modeler .djs-shape").first).to_be_visible()


def _new(page: Page, chinese: str, english: str) -> str:
    """A new type from an empty page; the answer is its key."""
    page.goto("/design")
    page.get_by_role("button", name="新建流程").click()
    page.get_by_role("tab", name="从空白开始").click()
    page.get_by_label("中文名称").fill(chinese)
    page.get_by_label("英文名称").fill(english)
    page.get_by_role("button", name="创建").click()
    expect(page.locator(".modeler [data-element-id=handle]")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def _element(page: Page, identity: str) -> Locator:
    return page.locator(f".modeler .djs-element[data-element-id='{identity}']")


def _saved(page: Page) -> None:
    page.wait_for_timeout(500)
    expect(page.locator("[data-save]")).to_have_attribute("data-save", "saved", timeout=8000)


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.locator(f".ant-select-dropdown:visible [title='{option}']").click()


def test_a_type_is_made_from_an_empty_page_and_published(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    key = _new(page, "门禁卡申请", "Door card request")
    assert key == "door_card_request"

    # a click puts a step behind the picked one, into the way to the end
    _element(page, "handle").click()
    page.locator("[data-step=approval]").click()
    expect(_element(page, "approve_1")).to_be_visible()
    expect(page.get_by_role("radio", name="一人同意即可")).to_be_checked()
    page.locator(".pd-card", has_text="全部同意").click()
    expect(page.locator(".pd-sentence")).to_contain_text("全部同意才通过")

    # a branch behind an approval asks for its outcome, and what is added next is the other way
    page.locator("[data-step=branch]").click()
    page.locator("[data-step=end]").click()
    _choose(page, "走到这里，工单状态变成", "未通过")
    _saved(page)
    text = _file(page, key)
    assert 'approve_1_outcome = "approved"' in text
    assert 'name="approval" value="all"' in text
    assert 'default="' in text
    shot(page, "designer-1440-zh")
    no_findings(page, "designer")

    # nothing stands against it: it is published, and says what came of it
    expect(page.locator(".pd-problems")).to_have_attribute("data-checked", "yes")
    expect(page.locator(".pd-problems")).to_contain_text("没有问题")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.locator("[data-published='1']")).to_be_visible()
    types = json.loads(_call(page, "GET", "/ticket-types"))["items"]
    assert "door_card_request" in [one["key"] for one in types]


def test_everything_is_undone_to_the_byte(visit: Visit) -> None:
    page = visit("admin")
    _open(page, "purchase_request")
    before, manifest = (_file(page, "purchase_request", path) for path in (DIAGRAM, "package.toml"))
    page.wait_for_timeout(1500)
    assert _file(page, "purchase_request") == before  # looking changes nothing

    _element(page, "order").click()
    page.locator("[data-name='name.en']").fill("Place the order")
    page.locator("[data-step=timer]").click()
    _element(page, "countersign").click()
    page.get_by_role("button", name="新状态").click()
    page.get_by_label("新状态 · 中文").fill("等法务")
    page.get_by_label("新状态 · 英文").fill("Legal")
    page.get_by_role("button", name="添加").first.click()
    page.locator(".pd-card", has_text="够几票就过").click()
    _saved(page)
    changed = _file(page, "purchase_request")
    assert "Place the order" in changed
    assert "P1D" in changed
    assert 'name="status" value="legal"' in changed
    assert "legal = {" in _file(page, "purchase_request", "package.toml")
    assert 'name="approval" value="count:2"' in changed

    for _ in range(30):
        if page.get_by_role("button", name="撤销").is_disabled():
            break
        page.get_by_role("button", name="撤销").click()
    _saved(page)
    page.wait_for_timeout(1200)
    assert _file(page, "purchase_request") == before
    assert _file(page, "purchase_request", "package.toml") == manifest


def test_a_step_is_dragged_onto_a_line(visit: Visit) -> None:
    page = visit("admin")
    key = _new(page, "拖动试验", "Dragging trial")
    flow = _element(page, "handle_to_done").bounding_box()
    assert flow is not None
    page.locator("[data-step=work]").hover()
    page.mouse.down()
    x, y = flow["x"] + flow["width"] / 2, flow["y"] + flow["height"] / 2
    page.mouse.move(x - 40, y - 30, steps=6)
    page.mouse.move(x, y, steps=6)
    page.mouse.up()
    expect(_element(page, "handle_1")).to_be_visible()
    _saved(page)
    text = _file(page, key)
    assert 'sourceRef="handle" targetRef="handle_1"' in text
    assert 'sourceRef="handle_1" targetRef="done"' in text


def test_conditions_are_picked_and_longer_ones_are_kept(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    _open(page, "purchase_request")
    _element(page, "large").click()
    page.locator(".pd-way", has_text="是").click()
    expect(page.get_by_label("第 1 个条件的值")).to_be_visible()
    page.get_by_label("第 1 个条件的值").fill("200000")
    page.get_by_role("button", name="加一个条件", exact=True).click()
    page.get_by_label("第 2 个条件的字段").click()
    page.locator(".ant-select-dropdown:visible [title='优先级']").click()
    page.get_by_label("第 2 个条件的值").click()
    page.locator(".ant-select-dropdown:visible [title='P1']").click()
    shot(page, "designer-condition-1440-zh")
    _saved(page)
    assert 'amount &gt;= 200000 and ticket.priority = "P1"' in _file(page, "purchase_request")


def test_problems_stand_at_their_element(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    _open(page, "leave_request")
    _element(page, "approve").click()
    page.get_by_role("button", name="删除第 1 组人").click()
    _saved(page)
    problem = page.locator(".pd-problem[data-element=approve]")
    expect(problem).to_be_visible()
    expect(page.locator(".modeler .badge")).to_contain_text("1 个错误")
    page.locator(".modeler").press("Escape")
    problem.click()
    expect(page.locator("[data-picked=approve]")).to_be_visible()
    shot(page, "designer-problem-1440-zh")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("button", name="发布")).to_be_disabled()


def test_the_designer_works_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("admin")
    key = _new(page, "键盘试验", "Keyboard trial")
    canvas = page.locator(".modeler")
    canvas.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-picked=handle]")).to_be_visible()
    page.locator("[data-step=work]").focus()
    page.keyboard.press("Enter")
    expect(_element(page, "handle_1")).to_be_visible()
    canvas.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+z")
    page.keyboard.press("Delete")
    expect(_element(page, "handle_1")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(_element(page, "handle_1")).to_be_visible()
    page.keyboard.press("Control+y")
    expect(_element(page, "handle_1")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+s")
    _saved(page)
    assert "handle_1" in _file(page, key)


def test_two_editors_are_told_of_each_other(visit: Visit) -> None:
    page, other = visit("admin"), visit("admin")
    key = _new(page, "两人试验", "Two editors")
    other.goto(f"/design/{key}")
    expect(_element(other, "handle")).to_be_visible()
    _element(page, "handle").click()
    page.locator("[data-name='name.en']").fill("Mine")
    _saved(page)
    _element(other, "handle").click()
    other.locator("[data-name='name.en']").fill("Theirs")
    expect(other.get_by_role("button", name="用对方的")).to_be_visible()
    other.get_by_role("button", name="用对方的").click()
    _element(other, "handle").click()
    expect(other.locator("[data-name='name.en']")).to_have_value("Mine")


def test_a_draft_is_compared_with_the_running_version(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    _open(page, "it_incident")
    _element(page, "triage").click()
    page.locator("[data-step=notify]").click()
    page.get_by_role("textbox", name="消息内容").fill("已经派给同事处理")
    _saved(page)
    page.get_by_role("button", name="比较").click()
    expect(page.locator(".pair .diagram-box")).to_have_count(2)
    expect(page.get_by_role("region", name="这一版改了什么")).to_contain_text("发通知")
    shot(page, "designer-compare-1440-zh")


def test_a_type_begins_as_a_copy_of_a_sample_and_is_published(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/design")
    page.get_by_role("button", name="新建流程").click()
    page.get_by_role("radiogroup", name="示例").get_by_text("请假").first.click()
    expect(page.locator(".nt-picture .djs-shape").first).to_be_visible()
    page.get_by_label("中文名称").fill("外出登记")
    page.get_by_label("英文名称").fill("Field trips")
    shot(page, "designer-from-sample-1440-zh")
    no_findings(page, "from a sample")
    page.get_by_role("button", name="创建").click()
    expect(page.locator(".modeler .djs-shape").first).to_be_visible()
    expect(page.locator(".pd-problems")).to_have_attribute("data-checked", "yes")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("[data-published='1']")).to_be_visible()


def test_a_bpmn_file_of_another_tool_becomes_a_draft(visit: Visit) -> None:
    page = visit("admin")
    page.goto("/design")
    page.get_by_role("button", name="新建流程").click()
    page.get_by_role("tab", name="导入文件").click()
    source = Path(__file__).parents[2] / "samples/leave_request/process.bpmn"
    page.locator("input[type=file][multiple]").set_input_files(str(source))
    page.get_by_role("button", name="打开草稿").click()
    expect(page.locator(".modeler .djs-shape").first).to_be_visible()


def test_the_pages_read_well_in_english_in_the_dark_and_on_the_phone(
    visit: Visit, shot: Shot
) -> None:
    page = visit("admin", language="en", dark=True)
    page.evaluate("localStorage.setItem('banjie.language', 'en')")
    _open(page, "equipment_repair")
    _element(page, "repair").click()
    expect(page.get_by_role("heading", name="Work: On-site repair")).to_be_visible()
    shot(page, "designer-1440-en-dark")
    no_findings(page, "dark English")
    phone = visit("admin", phone=True)
    _open(phone, "equipment_repair")
    shot(phone, "designer-390-zh")
    no_findings(phone, "phone")
    wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_from_an_empty_page_to_a_deployed_type_in_sixty_pointer_actions(
    visit: Visit, shot: Shot
) -> None:
    page = visit("admin")
    clicks = 0

    def click(target: Locator) -> None:
        nonlocal clicks
        clicks += 1
        target.click()

    page.goto("/design")
    click(page.get_by_role("button", name="新建流程"))
    click(page.get_by_role("tab", name="从空白开始"))
    page.get_by_label("中文名称").fill("名片申请")
    page.get_by_label("英文名称").fill("Business cards")
    click(page.get_by_role("button", name="创建"))
    expect(_element(page, "handle")).to_be_visible()
    tabs = page.get_by_role("navigation", name="这个流程的各个部分")

    # a form of five fields
    click(tabs.get_by_role("link", name="表单"))
    for kind in ("text", "number", "date", "choice"):
        click(page.locator(f".fd-palette [data-kind={kind}]"))
    expect(page.locator(".fd-paper [data-item]")).to_have_count(5)
    _saved(page)

    # an approval, whose refusal ends it
    click(page.get_by_role("link", name="名片申请").or_(page.get_by_role("link", name="business")))
    click(_element(page, "handle"))
    click(page.locator("[data-step=approval]"))
    click(page.locator("[data-step=branch]"))
    click(page.locator("[data-step=end]"))
    _saved(page)

    # a service level
    click(tabs.get_by_role("link", name="时效与通知"))
    click(page.get_by_role("button", name="加一条"))
    page.wait_for_timeout(1500)

    # a rule table
    page.go_back()
    clicks += 1
    click(tabs.get_by_role("link", name="规则"))
    click(page.get_by_role("button", name="新建规则表").first)
    click(page.get_by_role("dialog").get_by_role("button", name="建"))
    page.wait_for_url("**/rules/routing")
    shot(page, "designer-sixty-rules")
    page.goto("/design/business_cards")
    clicks += 1

    expect(page.locator(".pd-problems")).to_have_attribute("data-checked", "yes")
    shot(page, "designer-sixty")
    click(page.get_by_role("button", name="发布", exact=True))
    click(page.get_by_role("dialog").get_by_role("button", name="发布", exact=True))
    expect(page.locator("[data-published='1']")).to_be_visible()
    assert clicks <= 60


def test_a_file_written_by_hand_keeps_its_remarks_and_its_layout(visit: Visit) -> None:
    page = visit("admin")
    _open(page, "equipment_repair")
    shipped = _file(page, "equipment_repair")
    by_hand = shipped.replace("<bpmn:userTask", "<!-- who does it -->\n\n    <bpmn:userTask", 1)
    content = by_hand.encode()
    _call(page, "PUT", "/processes/equipment_repair/draft/files/process.bpmn", content, "text/xml")
    page.reload()
    _element(page, "repair").click()
    page.locator("[data-name='name.en']").fill("Repair at your desk")
    page.keyboard.press("Tab")
    _saved(page)
    written = _file(page, "equipment_repair")
    assert "<!-- who does it -->\n\n    <bpmn:userTask" in written
    before, after = by_hand.splitlines(), written.splitlines()
    assert len(before) == len(after)
    changed = [line for old, line in zip(before, after, strict=True) if old != line]
    assert len(changed) == 1
    assert "Repair at your desk" in changed[0]
