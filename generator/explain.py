"""The journey of one document, in words: wrappers peeled, every removal, what was decided and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from generator import boilerplate, documents
from generator.cleaning import Prepared, finish
from generator.collecting import LEARNT, Rules, load_rules, prepare_one
from generator.errors import QingduError
from generator.models import Article, LeftOut
from generator.parallel import cores, spread
from generator.scripts import TermStore, changes, convert_html, convert_text
from generator.settings import SCRIPTS
from generator.weights import counted


def explain(file: Path, content: Path, script: str = "", alone: bool = False, jobs: int = 0) -> Iterator[str]:
    """The lines to print for a document; ``alone`` leaves out what the other documents would teach.

    Raises QingduError for a file outside of the content folder and for an unknown script.
    """
    if script:
        checked_script(script)
    found = _locate(file, content)
    rules = load_rules(content)
    one = prepare_one(rules, found)
    yield f"document    {found.path}"
    if isinstance(one, LeftOut):
        yield f"left out    {one.reason}: {one.detail}"
        return
    kept = boilerplate.load(content / LEARNT)
    learnt = boilerplate.merge(kept, boilerplate.learn([]) if alone else _learn(rules, jobs or cores()))
    result = finish(one, learnt.of(one.sample()), rules.settings)
    yield f"encoding    {one.draft.document.encoding}"
    yield f"wrappers    {', '.join(one.draft.mirrors) or 'none known'}"
    yield f"learnt      {_scope(learnt, one)}"
    if isinstance(result, LeftOut):
        yield f"left out    {result.reason}: {result.detail}"
        return
    yield from _decisions(result, one)
    yield from _removals(result)
    if script:
        yield from _in_script(result, script, rules)


def _in_script(article: Article, script: str, rules: Rules) -> Iterator[str]:
    """What the conversion changes, each span with its rule, and the text as readers of the script see it."""
    settings = rules.settings
    terms = TermStore(settings.content, script, settings.regional).of(article.publisher, article.topic, article.terms)
    text = f"{article.title}\n{article.text}"
    yield ""
    if not article.convert:
        yield f"in {script}: not converted, as the front matter asks"
        return
    counts = Counter(changes(text, article.lang, script, terms))
    yield f"in {script}: {counts.total():,} spans change"
    for change, count in sorted(
        counts.items(), key=lambda item: (item[0].rule.startswith("OpenCC"), -item[1], item[0].before)
    ):
        yield f"  {change.rule:<22} {change.before} -> {change.after}" + (f"  ({count} times)" if count > 1 else "")
    yield ""
    yield f"  {convert_text(article.title, article.lang, script, terms, settings.quotes)}"
    shown = convert_html(article.html, article.lang, script, terms, settings.quotes)
    yield from (f"  {line}" for line in shown.splitlines())


def checked_script(script: str) -> str:
    """The script, when there is one of that name; raises QingduError otherwise."""
    if script not in SCRIPTS:
        raise QingduError("--script", f"unknown script {script!r}", f"the scripts are {', '.join(SCRIPTS)}")
    return script


def _locate(file: Path, content: Path) -> documents.Found:
    real = file if file.exists() else content / file
    if not real.is_file():
        raise QingduError(str(file), "there is no such file", "name a document of the content folder")
    try:
        path = documents.path_of(real.resolve().relative_to(content.resolve()))
    except ValueError:
        raise QingduError(
            str(file), f"stands outside of {content}", "say where the content is with --content"
        ) from None
    return documents.Found(real, path)


def _learn(rules: Rules, jobs: int) -> boilerplate.Boilerplate:
    found = list(documents.find(rules.settings.content))
    prepared = (one for one in spread(prepare_one, found, rules, jobs) if isinstance(one, Prepared))
    return boilerplate.learn(one.sample() for one in prepared)


def _scope(learnt: boilerplate.Boilerplate, one: Prepared) -> str:
    scope = f"mirror {one.mirror}"
    if scope not in learnt.lines:
        return f"nothing: fewer than {boilerplate.MIN_DOCUMENTS} documents in {scope}"
    return f"{counted(len(learnt.lines[scope]), 'line')} and {counted(len(learnt.links[scope]), 'link target')} known to repeat in {scope}"


def _decisions(article: Article, one: Prepared) -> Iterator[str]:
    yield f"title       {article.title}"
    yield f"publisher   {article.publisher}"
    yield f"published   {article.published.isoformat() if article.published else 'no date found'}"
    yield f"author      {article.author or 'not said'}"
    yield f"language    {article.lang}"
    yield f"topic       {article.topic}  (channels: {', '.join(one.draft.channel) or 'none'})"
    yield f"tags        {', '.join(article.tags) or 'none'}"
    yield f"original    {article.canonical_url or 'address not known'}"
    yield f"id          {article.id}"
    yield f"text        {len(article.text):,} characters, {article.html.count('<img'):,} pictures"


def _removals(article: Article) -> Iterator[str]:
    yield ""
    yield f"removed     {len(article.removals)}"
    for removal in article.removals:
        text = " ".join(removal.text.split())
        yield f"  {removal.step:<11} {removal.rule:<44} {text[:90]}"
