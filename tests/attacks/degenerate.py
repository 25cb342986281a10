"""Documents that no writer meant: too much of one thing, broken in their bytes, their heads or their names."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from tests.attacks.mirrors import crawl, gfw

TEXT = "守夜人在潮水退去以前写完了这一段平常的话，然后把灯点亮，走下石阶，船也回来了。"
BODY = f"<p>{TEXT}</p>\n"


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>第七夜</title>{head}</head><body><h1>第七夜</h1>{body}</body></html>"


def _post(head: str) -> str:
    return f"---\n{head}\n---\n{BODY}"


#: Too much of one thing: name -> the document with ``n`` of it. Twice as much may take about twice as long.
MUCH: dict[str, Callable[[int], str]] = {
    **{f"open {tag}": lambda n, tag=tag: f"<{tag}>" * n + BODY for tag in  # type: ignore[misc]
       "div b p ul blockquote font x-y table svg math template select form details pre object script style textarea frameset ruby dl embed".split()},
    **{f"many {text!r}": lambda n, text=text: "x" + text * n + "x" + BODY for text in  # type: ignore[misc]
       ("<", "< ", "<a ", "<!", "<!--", "<?", "</", ">", "&", "&amp;", "&#20013;", " ", "\t", "\n", " \n", "　", "\u200b", "<br>", "&nbsp;", "[", "[]", "![",
        "*", "*a ", "a**b", "`", "_a ", "~~a ", "[a](", "[a](http://a.example/", "<http://a.example/", "\n> x", "\n- a", "\n# x", "\nx\n---", "\n```", ">", "- ",
        "记者", "原文", "原文地址：\n", "{{", "-{", "-{国}-", "国a@", "www.", "a.b@c", "“", "（", "【", "/", "2020年", "1/1/", "订阅", "<p><a href='#x'>skip it</a></p><p id='x'>x</p>", "(", "\n#### [x](y) |", "\n#### [首页][a](b",
        "\n#### [首页][a](indexes/", "\n \n#", "](x", "<!--1588291200000-->", "|a|b|\n|-|-|\n", "<time ", "<p>责任编辑：某</p>", "<p>2020-01-02</p>", "<p>相关阅读</p>",
        "<hr>", "<p hidden>a</p>", "<p class=ad>a</p>", '<iframe src="https://www.youtube.com/embed/abcdefgh"></iframe>', "<noscript>x</noscript>",
        '<img src="https://pictures.example/1.jpg">', "<figure><img src=/1.jpg><figcaption>c</figcaption></figure>", "<b><i><p>x</b>", "<li>x</li>", "<td>x</td>",
        '<a href="https://a.example/1">x', '<a href="javascript:x">y</a>', "ä¸­æ–‡")},
    "attributes": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + f">x</p>{BODY}",
    "attributes in quotes": lambda n: "<p " + " ".join(f'a{i}=">"' for i in range(n)) + f">x</p>{BODY}",
    "a long class": lambda n: f'<p class="{"ad-" * n}">x</p>{BODY}',
    "a long style": lambda n: f'<img src="https://pictures.example/1.jpg" style="{"width:" * n}">{BODY}',
    "a long address": lambda n: f'<img src="https://{"stat." * n}">{BODY}<a href="https://a.example/?{"a=1&" * n}">x</a>',
    "a long srcset": lambda n: f'<img srcset="{"https://pictures.example/1.jpg 1x, " * n}">{BODY}',
    "a long word": lambda n: f"<p>{'a' * n}</p>",
    "a long line": lambda n: "灯" * n,
    "a long cell": lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n|" + "b|" * n + "\n",
    "a long title": lambda n: gfw(1, "题" * n, BODY),
    "a long crawl head": lambda n: crawl(1, "[" * n + "](", BODY),
    "a picture in the text": lambda n: f'<img src="data:image/png;base64,{"iVBORw0KGgo" * n}">{BODY}',
    "deep json": lambda n: _page(BODY, f'<script type="application/ld+json">{"[" * n}</script>'),
    "comments before a page": lambda n: "<!-- a -->" * n + _page(BODY),
    "headings of a page": lambda n: _page("<h1>x</h1>" * n + BODY),
    "paragraphs of a page": lambda n: _page("".join(f"<p>{i}{TEXT}</p>" for i in range(n // 8))),
    "years of a page": lambda n: _page("<i>2026</i>" * n + f"<p>{TEXT * n}</p>"),
    "dates of a page": lambda n: _page("<p>2026年10月3日 下午4:05 Oct 3, 2026 at </p>" * n + BODY),
    "a long date": lambda n: _post(f"title: a\ndate: {'2026年10月3日 ' * n}"),
    "bylines": lambda n: "<p>القاهرة - أحمد سالم</p>" * n + BODY,
    "separators in a title": lambda n: _page(BODY, f"<title>{'a | ' * n}</title>"),
    "anchors": lambda n: "".join(f'<a href="#x{i}">x</a><p id="x{i}">y</p>' for i in range(n // 3)) + BODY,
    "links": lambda n: "".join(f'<p>灯{i}<a href="https://a.example/{i}">x</a></p>' for i in range(n // 3)) + BODY,
    "hidden rules": lambda n: "<p>" + "".join(f"-{{H|zh-hans:国{i};zh-tw:囯{i}}}-" for i in range(n // 8)) + "</p>" + BODY,
    "open fence": lambda n: "---\ntitle: a\n" + "x: y\n" * n + BODY,
    "head of dashes": lambda n: "---\n" + "---x\n" * n + BODY,
}  # fmt: skip

#: Broken bytes: name -> (file name, data).
BYTES: dict[str, tuple[str, bytes]] = {
    "empty": ("e.md", b""),
    "white space": ("w.md", b" \n\t\r\n  "),
    "only NUL": ("n.md", b"\0" * 4000),
    "NUL inside": ("ni.md", BODY.replace("灯", "灯\0").encode()),
    "invalid UTF-8": ("iu.md", BODY.encode() * 30 + b"\xff\xfe\xc3" + BODY.encode()),
    "cut UTF-8": ("cu.md", (BODY * 30).encode()[:-9]),
    "surrogates in UTF-8": ("su.md", (BODY * 40).encode() + b"\xed\xa0\x80\xed\xb0\x80"),
    "overlong UTF-8": ("ou.md", (BODY * 40).encode() + b"\xc0\xbcscript\xc0\xbe"),
    "GB18030": ("gb.md", (BODY * 3).encode("gb18030")),
    "Big5": (
        "b5.md",
        "<p>守夜人在潮水退去以前寫完了這一段平常的話，然後把燈點亮，走下石階，船也回來了。</p>".encode("big5"),
    ),
    "UTF-16 with a mark": ("u16.md", codecs.BOM_UTF16_LE + (BODY * 3).encode("utf-16-le")),
    "UTF-16, big end": ("u16b.md", codecs.BOM_UTF16_BE + (BODY * 3).encode("utf-16-be")),
    "UTF-16 without a mark": ("u16n.html", _page(BODY).encode("utf-16-le")),
    "UTF-16 without a mark, big end": ("u16nb.html", _page(BODY).encode("utf-16-be")),
    "UTF-32": ("u32.md", codecs.BOM_UTF32_LE + BODY.encode("utf-32-le")),
    "two marks": ("bom.md", codecs.BOM_UTF8 * 3 + BODY.encode()),
    "CRLF": ("crlf.md", gfw(1, "第一夜", BODY).replace("\n", "\r\n").encode()),
    "CR": ("cr.md", gfw(2, "第二夜", BODY.replace("石阶", "木梯")).replace("\n", "\r").encode()),
    "declared wrongly": ("dw.html", f'<meta charset="utf-7">{BODY * 2}'.encode("gb18030")),
    "declared as escapes": (
        "de.html",
        b'<meta charset="unicode_escape">\\u003cscript\\u003e\xff\xc3' + BODY.encode("gb18030"),
    ),
    "declared with NUL": ("dn.html", b'<meta charset="u\0x">\xff' + BODY.encode("gb18030")),
    "declared as host names": ("dp.html", b'<meta charset="punycode">\xff' + BODY.encode("gb18030") * 50),
    "a picture": ("p.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "an archive": ("z.txt", b"PK\x03\x04" + bytes(range(255, 0, -1)) * 20),
    "controls": ("c.md", ("".join(map(chr, range(1, 32))) + BODY).encode()),
    "a lead picture that has no host": (
        "lp.html",
        _page(
            f'<img src="https://cdn.example/a.jpg"><article>{BODY * 4}</article>',
            '<meta property="og:image" content="https://cdn.exa\u2100mple/a/b.jpg">',
        ).encode(),
    ),
    "50 MB in a line": ("big.md", b"a" * 50_000_000),
}

#: Broken heads: name -> front matter.
HEADS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\ntitle: [*c,*c,*c,*c]",
    "merged aliases": "a: &a {x: 1}\nb:\n  <<: *a\ntitle: t",
    "python object": "title: !!python/object/apply:os.system ['true']",
    "python name": "title: !!python/name:os.system\ndate: !!python/tuple [1]",
    "own tag": "title: !evil {a: b}\ndate: !!timestamp x",
    "binary": "title: !!binary aGk=\ntags: !!set {a, b}",
    "endless number": f"title: !!int 0x{'f' * 9000}\ndate: !!int {'9' * 9000}",
    "endless float": f"title: !!float {'9' * 9000}.0e9999",
    "deep": "a: " + "[" * 5000,
    "deep maps": "a: " + "{a: " * 3000,
    "deep keys": "? " * 3000 + "a",
    "a list": "- a\n- b: c",
    "a number": "7",
    "a text": "just: a text: with: colons",
    "tabs": "title:\tx\n\tdate: y",
    "keys twice": "title: a\ntitle: b\ndate: 2020-01-01\ndate: 2021-01-01",
    "no texts": "title: {a: b}\nauthor: [[1], {2: 3}]\ntags: {a: b}\ncategories: null\ndate: []\nurl: {}",
    "year 1": "title: a\ndate: 0001-01-01",
    "year 9999": "title: b\ndate: 9999-12-31T23:59:59-14:00",
    "year 10000": "title: c\ndate: 10000-01-01",
    "zeros": "title: d\ndate: 0000-00-00 00:00:00",
    "no such day": "title: e\ndate: 2020-02-31T25:61:61",
    "milliseconds": "title: f\ndate: 1588291200000",
    "nanoseconds": "title: g\ndate: 1588291200000000000",
    "before time": "title: h\ndate: -62135596801",
    "far zone": "title: i\ndate: 2020-01-01T00:00:00+99:99",
    "in words": "title: j\ndate: the day after tomorrow",
    "RFC 822, odd": "title: k\ndate: Xxx, 99 Foo -1 99:99:99 +9999999999",
    "not a date": "title: l\ndate: Invalid Date",
    "digits of the world": "title: m\ndate: ２０２０-０１-０２",
    "long title": f"title: {'题' * 5000}",
    "long tags": f"title: n\ntags: [{', '.join(f't{i}' * 9 for i in range(900))}]",
    "odd addresses": "title: o\nurl: 'http://[::1'\ncover: 'http://x:99999999/a.jpg'\nfrom: '//'",
    "empty title": "title: ''\nauthor: ''",
    "title of dots": "title: ...\nauthor: '.'",
}
TOML_HEADS = {
    "toml number": f"title = 0x{'f' * 5000}",
    "toml types": "title = 1979-05-27\ntags = [1, 2.5, inf, nan, true]\ndate = 07:32:00",
    "toml broken": "title = \ndate == 3",
    "toml deep": "a = " + "[" * 3000,
}

#: Odd names of files.
NAMES = (
    "CON.md", "nul.html", "aux.md", "a:b?.md", "a*b|c.md", "trailing dot..md", "trailing space .md", " .md", "…….md", "😀🎉.md", "a\nb.md", "tab\t.md",
    "back\\slash.md", "-rf.md", "--help.md", "%2e%2e%2f.md", "~root.md", "$HOME.md", "`id`.md", "名" * 80 + ".md", "Case.md", "CASE.md", "case.md",
    "é.md", "e\u0301.md", "\u202egpj.md", "index.md", "index.html", "404.html", "site.md", "media.md", "x.MD", "x.Md", "a.b.c.md", "#hash.md", "a&b<c>.md", "\x7f.md",
)  # fmt: skip


def documents() -> dict[str, bytes]:
    """Path -> data of every degenerate document that is an ordinary file; each with words of its own."""
    found = {f"bytes/{name}": data for name, data in BYTES.values()}
    found |= {
        f"heads/{i}.md": _post(f"{head}\nmark: {i}").replace("潮水", f"{i}号潮水").encode()
        for i, head in enumerate(HEADS.values())
    }
    found |= {
        f"toml/{i}.md": f"+++\n{head}\n+++\n<p>第{i}天，{TEXT}</p>".encode()
        for i, head in enumerate(TOML_HEADS.values())
    }
    found |= {f"names/{name}": f"<p>第{i}个人，{TEXT}</p>".encode() for i, name in enumerate(NAMES)}
    return found
