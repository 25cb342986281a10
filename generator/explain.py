"""The journey of one document, in words: wrappers peeled, every removal, what was decided and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import boilerplate, documents
from generator.build import LEARNT, Rules, load_rules, prepare_one
from generator.cleaning import Prepared, finish
from generator.errors import QingduError
from generator.models import Article, LeftOut
from generator.parallel import cores, spread
from generator.scripts import convert_html, convert_text
from generator.settings import SCRIPTS


def explain(file: Path, content: Path, script: str = "", alone: bool = False, jobs: int = 0) -> Iterator[str]:
    """The lines to print for a document; ``alone`` leaves out what the other documents would teach.

    Raises QingduError for a file outside of the content folder and for an unknown script.
    """
    if script and script not in SCRIPTS:
        raise QingduError("--script", f"unknown script {script!r}", f"the scripts are {', '.join(SCRIPTS)}")
    found = _locate(file, content)
    rules = load_rules(content)
    one = prepare_one(rules, found)
    yield f"document    {found.path}"
    if isinstance(one, LeftOut):
        yield f"left out    {one.reason}: {one.detail}"
        return
    kept = boilerplate.load(content / LEARNT)
    learnt = boilerplate.merge(kept, boilerplate.learn([]) if alone else _learn(rules, jobs or cores()))
    result = finish(one, learnt, rules.settings)
    yield f"encoding    {one.draft.document.encoding}"
    yield f"wrappers    {', '.join(one.draft.mirrors) or 'none known'}"
    yield f"learnt      {_scope(learnt, one)}"
    if isinstance(result, LeftOut):
        yield f"left out    {result.reason}: {result.detail}"
        return
    yield from _decisions(result, one)
    yield from _removals(result)
    if script:
        yield ""
        yield f"in {script}"
        yield f"  {convert_text(result.title, result.lang, script)}"
        yield from (f"  {line}" for line in convert_html(result.html, result.lang, script).splitlines())


def _locate(file: Path, content: Path) -> documents.Found:
    real = file if file.exists() else content / file
    if not real.is_file():
        raise QingduError(str(file), "there is no such file", "name a document of the content folder")
    try:
        path = real.resolve().relative_to(content.resolve()).as_posix()
    except ValueError:
        raise QingduError(
            str(file), f"stands outside of {content}", "say where the content is with --content"
        ) from None
    return documents.Found(real, path)


def _learn(rules: Rules, jobs: int) -> boilerplate.Boilerplate:
    found = list(documents.find(rules.settings.content))
    prepared = (one for one in spread(prepare_one, found, rules, jobs) if isinstance(one, Prepared))
    return boilerplate.learn(boilerplate.sample(p.mirror, p.publisher.slug, p.blocks) for p in prepared)


def _scope(learnt: boilerplate.Boilerplate, one: Prepared) -> str:
    scope = f"mirror {one.mirror}"
    if scope not in learnt.lines:
        return f"nothing: fewer than {boilerplate.MIN_DOCUMENTS} documents in {scope}"
    return f"{len(learnt.lines[scope])} lines and {len(learnt.links[scope])} link targets that repeat in {scope}"


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
