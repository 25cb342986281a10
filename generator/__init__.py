"""Qingdu (清读): mirrored news articles in, a clean multilingual site out.

The way of an article, in the order of the modules (a module imports only from modules above it):

    errors       what can go wrong, said in one line
    models       the things that move through the pipeline
    limits       how much of a document is looked at, and for how long
    settings     content/site.toml -> Settings
    patterns     the regular expressions of rules: compiled, and refused where they could run without end
    documents    content/ -> Document
    mirrors      Document -> Draft: take the wrappers off
    publishers   what is known of each original site
    addresses    links and pictures: absolute, without proxies and trackers
    boilerplate  which lines and links repeat across a mirror
    sanitizer    the only tags, attributes and addresses that may come out
    languages    which language and script a text is in
    cleaning     Draft -> Article
    library      Articles -> Library: sorted, deduplicated, grouped
    scripts      an article in another Chinese script
    locales      the words of the interface
    permalinks   the address of everything
    pages        Library -> Pages
    rendering    Page -> bytes
    output       bytes -> public/
    parallel     work over processes, in order
    build        the whole line, top to bottom
    explain      the journey of one document, in words
    serve        build again on change, reload the browser
    cli          the command line
"""

__version__ = "0.1.0"
