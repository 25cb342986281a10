"""A built site as the tests see it: pages parsed, addresses resolved, and the faults that no page may have."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from generator.languages import converter
from generator.output import LEDGER
from generator.pages import direction

Element = html.HtmlElement

#: What may never stand in a page of ours: it runs, loads, or sends something.
FORBIDDEN_TAGS = frozenset(
    "script style iframe frame frameset object embed applet form input button select textarea base svg math template "
    "noscript audio video source track canvas dialog portal marquee isindex keygen xmp plaintext listing".split()
)
FORBIDDEN_ATTRIBUTES = frozenset(
    "style srcdoc srcset formaction action ping background poster data archive codebase usemap ismap xlink:href imagesrcset "
    "cite is slot nonce contenteditable autofocus accesskey popovertarget commandfor target download name".split()
)
#: Attributes of the few tags that may name an address; every other attribute with a scheme in it is suspicious.
ADDRESSES = {"a": "href", "img": "src", "link": "href", "script": "src"}
#: The scripts of ours: one that runs before the page is painted, and those that wait for the page.
_EARLY, _LATE = (
    re.compile(rf"(?:(?:\.\./)*|/(?:[\w.-]+/)*)(?:{names})\.js\?v=[0-9a-f]{{8}}")
    for names in (
        r"static/settings",
        r"static/reader|static/article|static/find|static/search|static/offline|static/stored|(?:[\w-]+/)?panel",
    )
)
#: What the search's own forms consist of, with the attributes that are dangerous elsewhere.
_OUR_FORM = {
    "form": {"action"},
    "input": {"name"},
    "select": {"name"},
    "button": set(),
    "template": set(),
}
#: The copies of a picture, in the sizes that there are.
_OUR_COPIES = re.compile(r"(?:(?:^|, )(?:\.\./)*media/[\w-]+\.webp \d+w)+")
SCHEMES = frozenset(("http", "https", "mailto"))
#: The grammar of what we write: attribute values stand in double quotes, and no `<` stands outside of a tag.
_TAG = re.compile(r"""<(?:!doctype html|/[a-z][a-z0-9]*|[a-z][a-z0-9]*(?:\s+[a-z][a-z0-9:-]*(?:="[^"]*")?)*\s*/?)>""")
_SCHEME = re.compile(r"\A[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-\t\n\r]*):")
#: Bytes of these encodings tell the scripts apart: a character that only the Simplified (Traditional) standard has.
_SIMPLIFIED, _TRADITIONAL = "gb2312", "big5"


def parse(markup: str) -> Element:
    """The tree of a page, as a lenient parser sees it."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)


def elements(tree: Element, *tags: str) -> list[Element]:
    """The elements of these names (all of them without a name), in order."""
    return [e for e in tree.iter(*tags) if isinstance(e.tag, str)]


def tag_of(element: Element) -> str:
    """The name of an element."""
    return str(element.tag)


def text_of(element: Element) -> str:
    """The visible text of an element, white space collapsed."""
    return " ".join("".join(element.itertext("*")).split())


def first(tree: Element, selector: str) -> Element | None:
    """The first element that a CSS selector matches."""
    found = tree.cssselect(selector)
    return found[0] if found else None


@dataclass(frozen=True)
class Site:
    """The folder of a built site; ``base`` is the path part of its address where one was given."""

    folder: Path
    base: str = "/"

    @cached_property
    def paths(self) -> list[str]:
        """Every file but the builder's own list, sorted; looked up once."""
        files = (file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file())
        return sorted(path for path in files if path != LEDGER)

    @property
    def pages(self) -> list[str]:
        """Every HTML page, sorted."""
        return [path for path in self.paths if path.endswith(".html")]

    @property
    def editions(self) -> list[str]:
        """The folders of the editions."""
        return sorted(path.parent.name for path in self.folder.glob("*/index.html"))

    def markup(self, path: str) -> str:
        """The source of a page."""
        return (self.folder / path).read_text("utf-8")

    def tree(self, path: str) -> Element:
        """The page as a tree; parsed once, so look and do not touch."""
        return _tree(self.folder / path)

    def target(self, page: str, address: str) -> str | None:
        """The file of the site to which an address on a page leads; None when it leads elsewhere."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        path = unquote(parts.path)
        if not path:
            return page
        if path.startswith("/"):
            return path.removeprefix(self.base)
        return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))

    def links(self, page: str) -> Iterator[tuple[Element, str]]:
        """Every address on a page with its element."""
        for element in elements(self.tree(page), *ADDRESSES):
            address = element.get(ADDRESSES[tag_of(element)])
            if address is not None:
                yield element, address

    def articles_on(self, page: str) -> list[str]:
        """The articles to which the main part of a list page links, in order, each once."""
        main = first(self.tree(page), "main")
        assert main is not None, page
        found = [self.target(page, a.get("href", "")) for a in elements(main, "a")]
        return list(dict.fromkeys(path for path in found if path and "/articles/" in path))

    def links_on(self, page: str) -> set[str]:
        """The files of the site to which a page links."""
        return {path for _, address in self.links(page) if (path := self.target(page, address))}


@cache
def _tree(file: Path) -> Element:
    return parse(file.read_text("utf-8"))


def dangers(markup: str) -> list[str]:
    """Everything in a document that could run, load or send something, or that shows careless writing."""
    tree = parse(markup)
    faults = [fault for element in elements(tree) for fault in _dangers_of(element)]
    faults += [f"comment {str(c.text)[:40]!r}" for c in tree.iter(etree.Comment)]
    rest = _TAG.sub("", markup)
    if at := re.search(r"<[^\s<]{0,30}", rest):
        faults.append(f"not our grammar: {at[0]!r}")
    return faults


def _is_our_script(element: Element) -> bool:
    """Whether an element is the site's own script, in the head, with nothing in it."""
    parent = element.getparent()
    return (
        element.tag == "script"
        and parent is not None
        and parent.tag == "head"
        and not len(element)
        and not (element.text or "").strip()
        and dict(element.items()).keys() - {"defer"} == {"src"}
        and bool((_EARLY if element.get("defer") is None else _LATE).fullmatch(element.get("src", "")))
    )


def _is_our_data(element: Element) -> bool:
    """Whether an element is what a page says of itself as JSON: data that no browser runs, and that cannot end early."""
    parent, text = element.getparent(), element.text or ""
    if element.tag != "script" or parent is None or parent.tag != "head" or len(element) or "<" in text:
        return False
    return dict(element.items()) == {"type": "application/ld+json"} and isinstance(json.loads(text), dict)


def _in_our_form(element: Element) -> bool:
    """Whether an element belongs to the box of every page, or to the search page, which shows no article."""
    ours = [*element.iterancestors(), element]
    header = any(one.tag == "header" and one.get("class") == "masthead" for one in ours)
    return element.tag in _OUR_FORM and (header or any(one.get("data-search") is not None for one in ours))


def _dangers_of(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if _is_our_script(element) or _is_our_data(element):
        return
    allowed = _OUR_FORM[tag] if _in_our_form(element) else None
    if (tag in FORBIDDEN_TAGS and allowed is None) or ":" in tag:
        yield f"<{tag}>"
    if tag == "meta" and element.get("http-equiv", "content-security-policy").lower() != "content-security-policy":
        yield f"<meta http-equiv={element.get('http-equiv')!r}>"
    if (
        tag == "link"
        and element.get("rel") not in ("canonical", "alternate")
        and urlsplit(element.get("href", "")).scheme
    ):
        yield f"<link rel={element.get('rel')!r}> from elsewhere"
    for name, value in element.items():
        ours = (tag == "meta" and name == "name") or name in (allowed or ())
        ours = ours or (name == "srcset" and bool(_OUR_COPIES.fullmatch(value)))
        if name.startswith("on") or (name in FORBIDDEN_ATTRIBUTES and not ours):
            yield f"{name}={value[:60]!r} on <{tag}>"
        elif name == ADDRESSES.get(tag):
            yield from _danger_of_address(tag, value)
        elif name in ("href", "src"):
            yield f"{name}={value[:60]!r} on <{tag}>"


def _danger_of_address(tag: str, value: str) -> Iterator[str]:
    scheme = _SCHEME.match(value)
    if scheme and re.sub(r"[\t\n\r]", "", scheme[1]).lower() not in SCHEMES:
        yield f"scheme in {value[:60]!r} on <{tag}>"
    elif value.startswith(("//", "\\")) or re.search(r"[\x00-\x1f]", value):
        yield f"odd address {value[:60]!r} on <{tag}>"
    elif re.match(r"(?i)https?:[/\\]*[^/?#]*@|mailto:.*\?", value):
        yield f"address that hides where it leads: {value[:60]!r} on <{tag}>"


def skeleton_faults(site: Site, page: str) -> list[str]:
    """What every page must have, and does not."""
    tree = site.tree(page)
    once = ("html", "head > title", "h1", "main#main", 'a.skip[href="#main"]', "meta[charset]", 'meta[name="viewport"]')
    found = {selector: len(tree.cssselect(selector)) for selector in once}
    faults = [f"{count} of {selector}" for selector, count in found.items() if count != 1]
    for selector in ("head > title", "h1"):
        faults += [f"empty {selector}" for element in tree.cssselect(selector) if not text_of(element)]
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tree.get("lang", "")):
        faults.append(f"lang={tree.get('lang')!r}")
    if tree.get("dir") != direction(tree.get("lang", "")):
        faults.append(f"dir={tree.get('dir')!r} for lang={tree.get('lang')!r}")
    faults += _head_faults(tree)
    ids = Counter(element.get("id") for element in elements(tree) if element.get("id"))
    faults += [f"id {name!r} {count} times" for name, count in ids.items() if count > 1]
    faults += ["picture without alt" for image in elements(tree, "img") if image.get("alt") is None]
    return faults


def _head_faults(tree: Element) -> list[str]:
    policies = tree.cssselect('meta[http-equiv="Content-Security-Policy"]')
    if len(policies) != 1:
        return [f"{len(policies)} content security policies"]
    rules = dict(part.strip().partition(" ")[::2] for part in policies[0].get("content", "").split(";") if part.strip())
    faults = [] if rules.get("default-src") == "'none'" else ["the policy's default-src is not 'none'"]
    faults += [f"the policy allows {key} {rules[key]}" for key in ("object-src", "frame-src") if key in rules]
    faults += [
        f"the policy's {key} is {rules.get(key)!r}"
        for key in ("script-src", "style-src", "connect-src")
        if rules.get(key) != "'self'"
    ]
    return faults


def dead_links(site: Site, page: str) -> list[str]:
    """Internal addresses on a page that lead to no file, and fragments that lead to no place."""
    files = set(site.paths)
    dead = []
    for element, address in site.links(page):
        target = site.target(page, address)
        if target is None:
            continue
        fragment = unquote(urlsplit(address).fragment)
        if target not in files:
            dead.append(f"<{tag_of(element)}> {address}")
        elif fragment and not any(e.get("id") == fragment for e in elements(site.tree(target))):
            dead.append(f"{address}: no such place")
    return dead


def foreign_assets(site: Site, page: str) -> list[str]:
    """What a page would load from elsewhere: anything but the pictures of articles."""
    found = []
    for element, address in site.links(page):
        elsewhere = site.target(page, address) is None
        picture = element.tag == "img" and address.startswith(("https://", "http://"))
        loads = element.tag != "a" and not (element.tag == "link" and element.get("rel") in ("canonical", "alternate"))
        if elsewhere and loads and not picture:
            found.append(f"<{tag_of(element)}> {address}")
    return found


def of_the_other_script(text: str, lang: str) -> set[str]:
    """The characters of a text that are written in the other Chinese script only (and have a form in this one)."""
    here, there = (_SIMPLIFIED, _TRADITIONAL) if lang == "zh-Hans" else (_TRADITIONAL, _SIMPLIFIED)
    found = {c for c in text if "\u4e00" <= c <= "\u9fff" and not _in(c, here) and _in(c, there)}
    convert = converter("t2s" if lang == "zh-Hans" else "s2t").convert
    return {c for c in found if convert(c) != c}


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def texts_in(tree: Element, lang: str) -> Iterator[str]:
    """The texts of a page that say (by the nearest ``lang``) that they are in a language.

    Addresses (``code``) and data (``script``) are in none, and the title in the head joins a headline in one with a
    name in another.
    """
    for element in elements(tree):
        for text, owner in ((element.text, element), (element.tail, element.getparent())):
            if (
                text
                and text.strip()
                and owner is not None
                and _lang(owner) == lang
                and owner.tag not in ("code", "title", "script")
            ):
                yield text
        alt = element.get("alt")
        if alt and _lang(element) == lang:
            yield alt


def _lang(element: Element) -> str:
    return next((str(e.get("lang")) for e in (element, *element.iterancestors()) if e.get("lang")), "")
