"""What the command line does to ticket types and people."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli_base import fail, installation, language, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.config import Config
    from engine.tickets.migrating.moving import Plan
    from workflows.packages import Package


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def deploy(source: Path) -> None:
    """Makes a FOLDER or ZIP the newest version of its ticket type."""
    with installation():
        from engine.access.policy import SYSTEM
        from engine.deployments import commands

        deployed = commands.deploy(SYSTEM, _read(source))
        show(deployed.warnings)
        kept = "" if deployed.created else " (identical, nothing new)"
        click.echo(f"{deployed.key} {deployed.version}{kept}")


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def check(source: Path) -> None:
    """Says what a deployment of a FOLDER or ZIP would find; status 1 when it would be refused."""
    from tempfile import gettempdir

    from api.trying import examples
    from engine import reactions, settings  # noqa: F401  makes the checks of upper layers known
    from engine.deployments import checks

    settings.install(settings.Settings(Path(gettempdir()) / "banjie-check"))
    examples.install()
    findings = checks.look_alone(_read(source))
    show(findings)
    if any(finding.severity == "error" for finding in findings):
        fail("this would not be deployed")
    click.echo("nothing stands in the way of a deployment")


@click.command()
@click.argument("key")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--number", type=int, help="The version; the newest by default.")
@click.option(
    "--multi-instance", is_flag=True, help="Write approvals as multi-instance tasks, for others."
)
def export(key: str, target: Path, number: int | None, multi_instance: bool) -> None:
    """Writes a ticket type to a FOLDER, byte for byte as it was deployed."""
    with installation():
        from engine.access.policy import SYSTEM
        from engine.deployments import queries
        from workflows import packages
        from workflows.exporting import as_multi_instance

        package = packages.read_zip(queries.export(SYSTEM, key, number))
    written = dict(package.files)
    if multi_instance:
        written |= {path: as_multi_instance(written[path]) for path in package.bpmn_paths()}
    _write(target, written)
    click.echo(f"{target}  {len(package.files)} files")


@click.command("import-bpmn")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--key", help="The key of the ticket type; made from the process when left out.")
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A decision (.dmn) or form (.form, .json) that belongs to the process; may be repeated.",
)
def import_bpmn(file: Path, folder: Path, key: str | None, beside: tuple[Path, ...]) -> None:
    """Brings a BPMN FILE of any modeler or engine into an empty FOLDER as a draft."""
    from workflows.documents import DocumentError
    from workflows.findings import Finding
    from workflows.importing import import_bpmn as bring

    if folder.is_dir() and any(folder.iterdir()):
        fail(f"{folder} is not empty")
    try:
        others = {each.name: each.read_bytes() for each in beside}
        imported = bring(file.read_bytes(), key=key, beside=others)
    except DocumentError as error:
        show([Finding("error", file.name, error.code, params=error.params)])
        fail("this is no BPMN file" if language() == "en" else "这不是可以导入的 BPMN 文件")
    _write(folder, imported.files)
    for note in imported.report:
        place = f"{note.element}: " if note.element else ""
        click.echo(f"{note.kind}  {place}{note.text(language())}")
    click.echo(f"{folder}  {imported.key}  {len(imported.files)} files")


@click.command()
@click.argument("key")
@click.option("--from", "from_", required=True, type=int, help="The version that they run on.")
@click.option("--to", required=True, type=int)
@click.option("--map", "pairs", multiple=True, help="OLD=NEW step; OLD= gives an event up.")
@click.option("--status", "statuses", multiple=True, help="OLD=NEW status.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each ticket.")
def migrate(
    key: str,
    from_: int,
    to: int,
    pairs: tuple[str, ...],
    statuses: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Moves the running tickets of a ticket type from one version to another, as jobs."""
    with installation():
        from engine.access.policy import SYSTEM
        from engine.tickets.migrating import commands

        elements = {old: new or None for old, new in _pairs(pairs).items()}
        plan = commands.plan(SYSTEM, key, from_, to, elements, _pairs(statuses))
        if dry_run:
            _preview(plan)
            return
        found = commands.begin(SYSTEM, plan)
    click.echo(f"migration {found}; see /api/v1/migrations/{found}")


def _preview(plan: "Plan") -> None:
    from api.resources.migrations import sentence_of
    from engine.access.policy import SYSTEM
    from engine.paging import MAX_LIMIT, Window
    from engine.tickets.migrating import queries, working

    after: tuple[object, ...] | None = None
    while True:
        page, _ = queries.preview(SYSTEM, plan, Window(MAX_LIMIT, after))
        for look in page.items:
            reasons = [sentence_of(one, language()) for one in working.told(look.problems)]
            click.echo("  ".join([look.number, look.verdict, *reasons]))
        after = page.next
        if after is None:
            return


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in given:
        old, equals, new = pair.partition("=")
        if not equals or not old:
            fail(f"expected OLD=NEW, found {pair}")
        found[old.strip()] = new.strip()
    return found


def _write(folder: Path, files: "Mapping[str, bytes]") -> None:
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


@click.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("username")
@click.option("--name", help="How the person is called; default the user name.")
@click.option("--role", "roles", multiple=True, default=("requester",), show_default=True)
@click.option("--group", "groups", multiple=True)
@click.option("--department")
@click.option("--password", help="Asked for when it is left out.")
def add_user(
    username: str,
    name: str | None,
    roles: tuple[str, ...],
    groups: tuple[str, ...],
    department: str | None,
    password: str | None,
) -> None:
    """Adds a person."""
    password = password or click.prompt("password", hide_input=True, confirmation_prompt=True)
    with installation():
        from engine.access import commands
        from engine.access.policy import SYSTEM

        commands.create_user(
            SYSTEM,
            username,
            {"zh-CN": name or username},
            password=password,
            roles=roles,
            groups=groups,
            department=department,
        )
    click.echo(username)


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--user", "username", required=True)
@click.option("--name", default="command line", show_default=True)
@click.option("--scope", "scopes", multiple=True, help="Left out: all rights of the person.")
@click.option(
    "--days", type=click.IntRange(1, 3650), help="How long it lasts; default: until revoked."
)
def create_token(username: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Makes an API token and prints it, alone: it is shown this once."""
    with installation():
        from datetime import timedelta

        from engine import clock
        from engine.access import tokens
        from engine.access.policy import SYSTEM

        _, secret = tokens.create(
            SYSTEM,
            name,
            username=username,
            scopes=scopes or None,
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
    click.echo(secret)


@click.command()
def demo() -> None:
    """Adds sample departments, people and tickets in many states."""
    with installation() as app:
        from api import demo as stories

        prepare(app.config["BANJIE"], samples=True)
        stories.play(click.echo)


def prepare(config: "Config", samples: bool) -> None:
    """What the first start brings: an administrator, and the samples when they are asked for."""
    from engine.access.commands import ADMIN, ensure_admin
    from engine.sla.calendar_commands import ensure_calendars

    ensure_calendars()
    password = ensure_admin(config.admin_password)
    if password is not None:
        shown = "BANJIE_ADMIN_PASSWORD" if config.admin_password else password
        click.echo(f"登录 / sign in:  {ADMIN}  {shown}")
    if samples:
        deploy_samples()


def deploy_samples() -> None:
    """Deploys every sample ticket type, unless there are types already."""
    from api import demo as demo_script
    from api import sample_types
    from api.trying import examples
    from engine.access.policy import SYSTEM
    from engine.deployments import commands, queries

    if queries.definitions(SYSTEM).items:
        return
    demo_script.add_departments()
    for sample in sample_types.all_of_them():
        with examples.left_out():  # they run in our own tests
            deployed = commands.deploy(SYSTEM, sample)
        click.echo(f"{deployed.key} {deployed.version}")


def _read(source: Path) -> "Package":
    from workflows import packages

    try:
        if source.is_dir():
            return packages.read_folder(source)
        return packages.read_zip(source.read_bytes())
    except packages.PackageError as error:
        show(error.findings)
        fail("this is no package" if language() == "en" else "这不是一个可部署的包")


COMMANDS = (deploy, check, export, import_bpmn, migrate, user, token, demo)
