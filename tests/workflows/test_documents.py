import codecs
import time

import pytest

from workflows.documents import MAX_BYTES, DocumentError, as_text, decode, read_xml

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a>&l9;</a>"
)

HOSTILE = {
    "billion laughs": (BOMB.encode(), "xml-dtd-refused"),
    "billion laughs in an attribute": (
        BOMB.replace("<a>&l9;</a>", '<a x="&l9;"/>').encode(),
        "xml-dtd-refused",
    ),
    "a file of the machine as an entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "xml-dtd-refused",
    ),
    "an external DTD": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', "xml-dtd-refused"),
    "a parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]><a/>',
        "xml-dtd-refused",
    ),
    "an unknown entity": (b"<a>&nbsp;</a>", "xml-not-well-formed"),
    "150 levels": (b"<a>" * 150 + b"</a>" * 150, "xml-too-deep"),
    "100,000 levels": (b"<a>" * 100_000 + b"</a>" * 100_000, "xml-too-deep"),
    "200,000 elements": (b"<a>" + b"<b/>" * 200_000 + b"</a>", "xml-too-many-nodes"),
    "200,000 attributes": (
        b"<a " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>",
        "xml-too-many-nodes",
    ),
    "an attribute of 2 MB": (b'<a x="' + b"y" * 2_000_000 + b'"/>', "xml-text-too-long"),
    "four megabytes": (b"<a>" + b" " * 4_000_000 + b"</a>", "xml-too-large"),
    "a NUL byte": (b"<a>\0</a>", "xml-not-well-formed"),
    "nothing": (b"", "xml-not-well-formed"),
    "blanks": (b" \n ", "xml-not-well-formed"),
    "cut off": (b"<a><b>", "xml-not-well-formed"),
    "a wrong end": (b"<a></b>", "xml-not-well-formed"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "bad-encoding"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "bad-encoding"),
    "a codec that is no encoding": (
        b'<?xml version="1.0" encoding="zip_codec"?><a/>',
        "bad-encoding",
    ),
    "bytes of no encoding": (b"<a>\xff\xff</a>", "bad-encoding"),
    "UTF-16 with half a character": (codecs.BOM_UTF16_LE + b"<\0a\0/\0>\0\0", "bad-encoding"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_a_hostile_file_within_two_seconds(data: bytes, code: str) -> None:
    began = time.process_time()

    with pytest.raises(DocumentError) as refused:
        read_xml(data)

    assert refused.value.code == code
    assert time.process_time() - began < 2


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB2312", "GB18030", "UTF-16", "Big5"])
def test_reads_bytes_in_the_encoding_that_they_declare(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a name="中文">工作</a>'.encode(encoding)

    root = read_xml(data)

    assert root.get("name") == "中文"
    assert root.text == "工作"


@pytest.mark.parametrize("head", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
def test_reads_gbk_that_is_not_declared_and_says_so(head: str) -> None:
    data = f'{head}<a name="处理"/>'.encode("gbk")

    assert read_xml(data).get("name") == "处理"
    assert decode(data)[1:] == ("gb18030", True)


def test_reads_rare_characters_of_gb18030_in_a_file_that_says_gbk() -> None:
    data = '<?xml version="1.0" encoding="GBK"?><a name="㐂𠮷"/>'.encode("gb18030")

    assert read_xml(data).get("name") == "㐂𠮷"


def test_gives_a_browser_text_without_a_declaration() -> None:
    data = '<?xml version="1.0" encoding="GBK"?>\n<a name="处理"/>'.encode("gbk")

    assert as_text(data).strip() == '<a name="处理"/>'


def test_keeps_a_doctype_that_is_only_text() -> None:
    root = read_xml(b"<a><![CDATA[<!DOCTYPE x>]]></a>")

    assert root.text == "<!DOCTYPE x>"


def test_leaves_processing_instructions_and_comments_out() -> None:
    root = read_xml(b"<?php system('x') ?><a><!-- b --><?c d?><e/></a>")

    assert [child.tag for child in root] == ["e"]


def test_does_not_read_more_than_it_is_allowed() -> None:
    with pytest.raises(DocumentError) as refused:
        read_xml(b"<a/>" + b" " * MAX_BYTES)

    assert refused.value.params == {"limit": MAX_BYTES}
