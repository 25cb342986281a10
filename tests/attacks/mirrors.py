"""The shapes in which mirrors keep articles, filled with whatever a test wants: invented news in exact wrappers."""

from __future__ import annotations

import json
from collections.abc import Callable

_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃辰宿列张"
Shape = Callable[[int, str, str], str]


def words(number: int) -> tuple[str, str]:
    """Two harmless paragraphs that no other document has."""
    name = "".join(_NAMES[int(digit) * 3] + _NAMES[int(digit) + 9] for digit in f"{number:04}")
    return (
        f"守夜人{name}在潮水退去以前写完了这一段平常的话，然后把灯点亮，走下石阶。",
        f"清晨{name}又写了一段平常的话，说昨夜的风已经停了，船也都回来了，人在等。",
    )


def url(number: int) -> str:
    """The address of a document at its invented publisher."""
    return f"https://daily.example/{2010 + number % 14}/{1 + number % 12:02}/{1 + number % 28:02}/lamp-{number}.html"


def gfw(number: int, title: str, body: str) -> str:
    """A page of the "banned news" mirrors."""
    home = "https://code.example/mirror/news/blob/master"
    return f"""### {title}
------------------------

#### [首页]({home}/README.md) &nbsp;&nbsp;|&nbsp;&nbsp; [手把手教程]({home}/guide.md) &nbsp;&nbsp;|&nbsp;&nbsp; [要闻]({home}/indexes/%E8%A6%81%E9%97%BB.md)

<div><div class="post_content" itemprop="articleBody">
 {body}
</div>
</div>
<hr/>
手机上长按并复制下列链接或二维码分享本文章：<br/>
{home}/pages/prog1/{number}.md <br/>
<a href='{home}/pages/prog1/{number}.md'><img src='{home}/pages/prog1/{number}.md.png'/></a> <br/>
原文地址（需翻墙访问）：{url(number)}


------------------------
#### [首页]({home}/README.md) &nbsp;|&nbsp; [一键软件]({home}/reader.md)

<img src='http://count.example/pages/prog1/{number}.md' width='0px' height='0px'/>
"""


def hexo(number: int, title: str, body: str) -> str:
    """A Hexo post made from a feed."""
    return f"""---
title: {json.dumps(title, ensure_ascii=False)}
categories:
    - 传统媒体
    - 灯塔日报 - 国际
author: 灯塔日报 - 国际
comments: false
date: Tue, {1 + number % 28:02} Sep 2020 07:09:57 GMT
thumbnail: ''
---

<div>
{body}
</div>
"""


def jekyll(number: int, title: str, body: str) -> str:
    """A Jekyll post round a crawl."""
    return f"""---
layout: post
title: {json.dumps(title, ensure_ascii=False)}
date: 2020-{1 + number % 12:02}-{1 + number % 28:02}T16:03:05+00:00
author: 灯塔周刊
from: {url(number)}
tags: [ 灯塔周刊 ]
categories: [ 灯塔周刊 ]
---
<article class="post type-post status-publish" id="post-{number}">
 <header class="entry-header"><h1 class="entry-title">{_text(title)}</h1></header>
 <div class="entry-content">
{body}
 </div>
</article>
"""


def crawl(number: int, title: str, body: str) -> str:
    """A crawl dump: the time in a comment, the title as a link."""
    line = " ".join(title.split())
    return f'<!--{1588291200000 + number}-->\n[{line} – 灯塔广播]({url(number)})\n------\n\n<div class="t-content__body">{body}</div>\n'


def page(number: int, title: str, body: str) -> str:
    """A whole saved page with all the heads that sites write."""
    data = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": f"2020-05-{1 + number % 28:02}",
            "url": url(number),
        },
        ensure_ascii=False,
    ).replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{_text(title)} - 灯塔日报</title>
<link rel="canonical" href="{url(number)}"><meta property="og:title" content="{_value(title)}"><meta name="author" content="陈灯">
<script type="application/ld+json">{data}</script></head>
<body><nav class="menu"><a href="/">首页</a></nav><main><article><h1>{_text(title)}</h1><div class="entry-content">{body}</div></article></main>
<footer class="footer">© 灯塔日报</footer></body></html>
"""


def markdown(number: int, title: str, body: str) -> str:
    """A Markdown post with HTML inside."""
    return f"+++\ntitle = {json.dumps(title, ensure_ascii=False)}\ndate = 2020-06-{1 + number % 28:02}\n+++\n\n## 夜里\n\n{body}\n\n* 一\n* 二\n\n[灯](https://a.example/{number})\n"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _value(text: str) -> str:
    return _text(text).replace('"', "&quot;")


SHAPES: dict[str, Shape] = {
    "gfw": gfw,
    "hexo": hexo,
    "jekyll": jekyll,
    "crawl": crawl,
    "page": page,
    "markdown": markdown,
}


def path(shape: str, number: int) -> str:
    """Where a mirror of that shape keeps its document, in the content folder."""
    return {
        "gfw": f"gfw/pages/prog1/{number}.md",
        "hexo": f"hexo/source/_posts/传统媒体/{number}.md",
        "jekyll": f"jekyll/_posts/2020-05-06-灯塔 {number}.md",
        "crawl": f"crawl/articles/国际/{number}_灯.md",
        "page": f"saved/{number}.html",
        "markdown": f"notes/{number}.md",
    }[shape]
