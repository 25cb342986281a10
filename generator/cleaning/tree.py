"""Steps on the tree, in their order: cut out what is invisible, what tracks, what promotes. One function a step."""

from __future__ import annotations

import re

from generator.cleaning.headline import drop_byline
from generator.cleaning.media import drop_trackers, link_embeds, read_amp, unwrap_lazy
from generator.cleaning.promotions import drop_cards, drop_promotions, drop_sign_up_boxes, drop_skipped
from generator.cleaning.whole_page import choose_body
from generator.cleaning.workspace import HIDDEN_STYLE, Element, Workspace, amount, elements, inside, names, select, tag

_MACHINERY = ("script", "style", "template", "object", "embed", "applet", "form", "input", "button", "select", "textarea", "svg",
              "canvas", "head", "link", "meta", "base", "title", "map", "frame", "frameset", "dialog", "portal", "math",
              "amp-ad", "amp-embed", "amp-sticky-ad", "amp-auto-ads", "amp-analytics", "amp-pixel", "amp-sidebar", "amp-social-share",
              "amp-user-notification", "amp-consent", "amp-state", "amp-list")  # fmt: skip
_HIDDEN_NAMES = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader(?:-text)?|visually-?hidden\w*|VisuallyHidden\w*|offscreen)(?:$|[\s_-])",
    re.I,
)


def drop_machinery(work: Workspace) -> None:
    """Scripts, styles, forms, vector drawings, heads: what a reader never reads."""
    for element in elements(work.root, *_MACHINERY):
        if element.tag == "form" and amount(element) > amount(work.root) / 2:
            element.drop_tag()  # ASP.NET puts the whole page into one form
        elif element.tag == "embed":
            work.record("hidden", "embed", element.get("src", ""))
            element.drop_tag()  # libxml2 does not know that it is empty and puts all that follows into it
        else:
            work.drop(element, "hidden", tag(element))


def drop_hidden(work: Workspace) -> None:
    """What the publisher hides from the eye; unless it hides most of the article until a script runs."""
    hidden = [element for element in work.root.iterdescendants() if element.keys() and _is_hidden(element)]
    total = amount(work.root) if hidden else 0
    for element in hidden:
        if inside(element, work.root) and amount(element) * 2 <= total:
            work.drop(element, "hidden", "hidden by style or class")


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    by_style = element.get("hidden") is not None or (style and HIDDEN_STYLE.search(style))
    return bool(by_style or _HIDDEN_NAMES.search(names(element)))


def strip_known(work: Workspace) -> None:
    """What the publisher's file says is never the article."""
    for selector in work.publisher.strip:
        for element in select(selector, work.root):
            if inside(element, work.root):
                work.drop(element, "promotion", f"{work.publisher.slug}: {selector}")


STEPS = (
    read_amp,
    unwrap_lazy,
    link_embeds,
    drop_trackers,
    drop_sign_up_boxes,
    drop_machinery,
    drop_skipped,
    drop_hidden,
    strip_known,
    choose_body,
    drop_byline,
    drop_cards,
    drop_promotions,
)
