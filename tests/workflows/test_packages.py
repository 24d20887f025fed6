import io
import os
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packages import bpmn, files, flow, form, manifest, package, zipped
from workflows.packages import Package, PackageError, from_files, read_folder, read_zip, write_zip

DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="x"><decision id="priority" name="p"/><decision id="routing" name="r"/>'
    "</definitions>"
)


def codes(refused: "pytest.ExceptionInfo[PackageError]") -> list[str]:
    """The codes of what was found."""
    return [finding.code for finding in refused.value.findings]


def write_folder(folder: Path, content: dict[str, bytes]) -> Path:
    """The files of a package on disk."""
    for path, data in content.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def test_is_the_same_package_as_folder_zip_and_files(tmp_path: Path) -> None:
    content = files()

    from_folder = read_folder(write_folder(tmp_path, content))

    assert from_folder.files == from_files(content).files == read_zip(zipped(content)).files
    assert from_folder.content_hash == read_zip(zipped(content)).content_hash


def test_exports_the_same_bytes_after_an_import() -> None:
    exported = write_zip(package())

    assert write_zip(read_zip(exported)) == exported


def test_exports_the_same_bytes_whatever_the_order_of_the_files() -> None:
    content = files()

    assert write_zip(from_files(dict(reversed(content.items())))) == write_zip(from_files(content))


@pytest.mark.parametrize(
    "change",
    [
        {"README.md": b"other"},
        {"README.md": None},
        {"templates/a.md": b"new"},
    ],
)
def test_has_another_hash_when_any_file_differs(change: dict[str, bytes | None]) -> None:
    assert package(replaced=change).content_hash != package().content_hash


def test_tells_files_apart_whose_names_and_bytes_run_together() -> None:
    one = package(replaced={"a.txt": b"b", "README.md": None})
    other = package(replaced={"a.txtb": None, "README.md": b""})

    assert one.content_hash != other.content_hash


def test_ignores_what_systems_and_editors_leave_behind(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        {
            **files(),
            ".DS_Store": b"x",
            ".git/config": b"x",
            "forms/._report.json": b"x",
            "a.md~": b"",
        },
    )

    assert set(read_folder(folder).files) == set(files())


def test_takes_the_one_folder_around_everything_off() -> None:
    inside = {f"printer-main/{path}": data for path, data in files().items()}

    assert read_zip(zipped({**inside, "__MACOSX/x": b""})).files == package().files


def test_lists_forms_decisions_and_processes() -> None:
    called = bpmn('<bpmn:task id="order"/>', process="parts")
    found = package(
        replaced={
            "processes/parts.bpmn": called,
            "decisions/rules.dmn": DMN.encode(),
            "forms/broken.json": b"{",
        }
    )

    assert found.key == "printer"
    assert set(found.forms) == {"report"}
    assert found.decisions["routing"] == ("decisions/rules.dmn", DMN.encode())
    assert found.processes["parts"] == ("processes/parts.bpmn", called)
    assert found.main_process == "main"
    assert found.process == found.files["process.bpmn"]


def test_runs_the_process_that_no_other_one_in_the_file_calls() -> None:
    both = bpmn('<bpmn:callActivity id="c" calledElement="inner"/>', process="outer").replace(
        b"</bpmn:definitions>",
        b'<bpmn:process id="inner" isExecutable="true"><bpmn:task id="t"/></bpmn:process>'
        b"</bpmn:definitions>",
    )

    assert package(replaced={"process.bpmn": both}).main_process == "outer"


def test_finds_the_process_of_a_file_without_ids() -> None:
    data = bpmn("<bpmn:userTask/>").replace(b' id="main"', b"")

    found = package(replaced={"process.bpmn": data})

    assert found.main_process == "process_1"
    assert "userTask_1" in found.documents["process.bpmn"].processes[0].elements


def test_reads_names_in_a_zip_of_a_chinese_windows() -> None:
    zipped_there = zipped({**files(), "1234.md": b"x"}).replace(b"1234.md", "说明.md".encode("gbk"))

    assert read_zip(zipped_there).files["说明.md"] == b"x"


def test_reads_a_draft_whose_documents_are_still_broken() -> None:
    draft = package(
        replaced={"process.bpmn": b"<", "forms/report.json": b"", "decisions/x.dmn": b""}
    )

    assert draft.main_process is None
    assert draft.forms == {}
    assert draft.decisions == {}


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.md",
        "forms/../../x.md",
        "C:/x.md",
        "C:x.md",
        "a\\b.md",
        "a//b.md",
        "./a.md",
        "a\0.md",
        "a\n.md",
        "con.md",
        "nul",
        "x./a.md",
        "a /b.md",
        "a/b/c/d/e/f/g.md",
        "x" * 201 + ".md",
        "",
        "a/",
    ],
)
def test_refuses_a_path_that_could_leave_the_package(path: str) -> None:
    with pytest.raises(PackageError) as refused:
        from_files({**files(), path: b"x"})

    assert codes(refused) == ["path-unsafe"]


@pytest.mark.parametrize("path", ["../evil.md", "/evil.md", "..\\evil.md", "a/../../evil.md"])
def test_refuses_a_zip_that_points_outside(path: str) -> None:
    with pytest.raises(PackageError) as refused:
        read_zip(zipped({**files(), path: b"x"}))

    assert codes(refused) == ["path-unsafe"]


def test_refuses_names_that_differ_only_in_case() -> None:
    with pytest.raises(PackageError) as refused:
        from_files({**files(), "readme.md": b"x"})

    assert codes(refused) == ["path-twice"]


def test_refuses_a_zip_that_holds_a_file_twice() -> None:
    buffer = io.BytesIO(zipped(files()))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("README.md", "second")

    with pytest.raises(PackageError) as refused:
        read_zip(buffer.getvalue())

    assert codes(refused) == ["path-twice"]


def test_refuses_a_link_in_a_zip() -> None:
    buffer = io.BytesIO(zipped(files()))
    entry = zipfile.ZipInfo("secret.md")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(entry, "/etc/passwd")

    with pytest.raises(PackageError) as refused:
        read_zip(buffer.getvalue())

    assert codes(refused) == ["package-link"]


@pytest.mark.parametrize("target", ["/etc", "/etc/passwd", "/nowhere"])
def test_refuses_a_link_in_a_folder(tmp_path: Path, target: str) -> None:
    write_folder(tmp_path, files())
    (tmp_path / "secret.md").symlink_to(target)

    with pytest.raises(PackageError) as refused:
        read_folder(tmp_path)

    assert codes(refused) == ["package-link"]


def test_refuses_a_pipe_in_a_folder(tmp_path: Path) -> None:
    write_folder(tmp_path, files())
    os.mkfifo(tmp_path / "pipe.md")

    with pytest.raises(PackageError) as refused:
        read_folder(tmp_path)

    assert codes(refused) == ["package-link"]


def bomb_of_zeros() -> bytes:
    """100 MB in 100 kB."""
    return zipped({**files(), "big.md": b"0" * 19_000_000})


def bomb_of_many() -> bytes:
    """Many files, each small."""
    return zipped({f"docs/{number}.md": b"0" * 40_000 for number in range(499)})


def lying_bomb() -> bytes:
    """A file that says it is small and is not."""
    data = bytearray(zipped({**files(), "big.md": b"0" * 5_000_000}))
    real, small = (5_000_000).to_bytes(4, "little"), (5).to_bytes(4, "little")
    return bytes(data).replace(real, small)


def too_many() -> bytes:
    """More files than a package may have."""
    return zipped({f"{number}.md": b"" for number in range(2_000)})


def encrypted() -> bytes:
    """A zip whose first file claims to be encrypted."""
    data = bytearray(zipped({"package.toml": manifest()}))
    data[6] |= 1
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (bomb_of_zeros, "zip-bomb"),
        (bomb_of_many, "zip-bomb"),
        (lying_bomb, "zip-not-readable"),
        (too_many, "package-too-large"),
        (encrypted, "zip-not-readable"),
        (lambda: b"PK\x03\x04" + b"\0" * 100, "zip-not-readable"),
        (lambda: b"", "zip-not-readable"),
        (lambda: zipped(files())[:-30], "zip-not-readable"),
        (lambda: b"\0" * 21_000_000, "package-too-large"),
        (lambda: zipped({}), "manifest-missing"),
        (lambda: zipped({"x/y.md": b""}), "manifest-missing"),
    ],
)
def test_refuses_a_hostile_zip_within_two_seconds(build: Callable[[], bytes], code: str) -> None:
    data = build()
    began = time.process_time()

    with pytest.raises(PackageError) as refused:
        read_zip(data)

    assert time.process_time() - began < 2
    assert codes(refused) == [code]


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("run.sh", b"#!/bin/sh", "file-kind-refused"),
        ("evil.py", b"import os", "file-kind-refused"),
        ("page.html", b"<script>", "file-kind-refused"),
        ("icon.svg", b"<svg onload='x()'/>", "file-kind-refused"),
        ("icon.png", b"MZ\x90", "file-kind-refused"),
        ("README.md", "处理".encode("gbk"), "text-not-utf8"),
        ("forms/report.json", b"{\0}", "text-not-utf8"),
        ("big.md", b"x" * 2_000_001, "file-too-large"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000_000, "file-too-large"),
        ("process.bpmn", b"<" * 5_000_001, "file-too-large"),
    ],
)
def test_refuses_files_of_unknown_kind_or_size(path: str, data: bytes, code: str) -> None:
    with pytest.raises(PackageError) as refused:
        from_files({**files(), path: data})

    assert codes(refused) == [code]
    assert refused.value.findings[0].document == path


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("README.zh.md", "说明".encode()),
        ("LICENSE", b"free"),
        ("docs/a.txt", b"\r\n"),
        ("docs/picture.png", b"\x89PNG\r\n\x1a\n\0"),
        ("table.csv", b"a,b"),
        ("sla.toml", b"calendar = 'x'"),
    ],
)
def test_keeps_harmless_files_byte_for_byte(path: str, data: bytes) -> None:
    kept = package(replaced={path: data})

    assert read_zip(write_zip(kept)).files[path] == data


def test_says_what_is_wrong_with_the_manifest() -> None:
    with pytest.raises(PackageError) as refused:
        from_files({"package.toml": b"key = 1"})

    assert codes(refused) == ["wrong-type", "key-missing"]


def test_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackageError) as refused:
        read_folder(tmp_path / "nothing")

    assert codes(refused) == ["folder-missing"]


def test_finds_every_form_of_a_whole_package() -> None:
    found: Package = package(
        replaced={
            "forms/handle.json": form("handle"),
            "process.bpmn": bpmn(
                '<bpmn:startEvent id="a"/><bpmn:endEvent id="b"/>' + flow("a", "b")
            ),
        }
    )

    assert sorted(found.forms) == ["handle", "report"]
