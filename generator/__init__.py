"""Qingdu (清读): mirrored news articles in, a clean multilingual site out.

The way of an article, in the order of the modules (a module imports only from modules above it):

    errors       what can go wrong, said in one line
    places       where things lie that every command looks for
    models       the things that move through the pipeline
    limits       how much of a document is looked at, and for how long
    patterns     the regular expressions of rules: compiled, and refused where they could run without end
    toml         settings and rules as people write them: read, and checked value by value
    settings     content/site.toml -> Settings
    stamps       what changes when a rule, a table or the generator changes
    documents    content/ -> Document
    dates        a date as programs and people write it
    bylines      who an Arabic byline names
    mirrors      Document -> Draft: take the wrappers off
    publishers   what is known of each original site
    addresses    links and pictures: absolute, without proxies and trackers
    copies       when two texts are one
    boilerplate  which lines and links repeat across a mirror
    sanitizer    the only tags, attributes and addresses that may come out
    languages    which language and script a text is in
    topics       which topic an article belongs to
    words        what an article tells, as words with weights
    events       what an article says of its event besides its words
    names        what a tag names: a person, a place, an organisation
    cleaning     Draft -> Article
    stories      Articles -> stories: reports of one event
    tags         Articles -> tags, and what is related
    library      Articles -> Library: sorted, deduplicated, grouped
    provenance   the git clones that the documents come from
    comparison   reports of one event, sentence by sentence
    scripts      an article in another Chinese script
    locales      the words of the interface
    permalinks   the address of everything
    search       Library -> the index that the search page reads
    pictures     copies of pictures from other sites, and what a page shows of each
    pages        Library -> Pages
    rendering    Page -> bytes
    epub         a book -> bytes
    locks        one build at a time
    meanwhile    a question that another process works out
    output       bytes -> public/
    parallel     work over processes, in order
    cluster      work over machines, by any executor
    records      what the store keeps of a document and of what became of it, as bytes
    store        what earlier builds worked out
    spool        what lies between two strides of one build, such as half cleaned documents
    collecting   content/ -> articles, by way of the store
    sharding     articles -> the shards of the search index in which something changed
    indexing     Library -> the files of the search index
    assets       files of the site that are no pages
    build        the whole line, top to bottom
    ahead        the pages of a document that was just saved
    books        one book, asked for by name
    resizing     the bytes of a picture -> smaller ones
    downloads    one file from a stranger's server, safely and politely
    cloning      the mirrors of the settings -> folders of the content, by git
    fetching     what the network has to give: mirrors, then pictures
    standing     whether a site stands as the last build left it
    weights      what the site weighs, against what its host takes
    inspection   links and pictures of a built site that lead nowhere
    publishing   public/ -> a branch of a git repository
    explain      the journey of one document, in words
    export       the cleaned articles, as programs read them
    scaffold     a site to start from; a mirror family with its case
    reports      what was left out, what a fetch gave, what a built site weighs, in words
    serve        build again on change, reload the browser
    commands     what each command does
    cli          the command line: its options, and what goes wrong
"""

__version__ = "0.1.0"
