// What every page gets when scripts run: the search box without a server, the reading panel, read marks, shortcuts, and the edition kept.
(() => {
  const { choices, load, save, loadTable, settings, choose, reset, panel: markup } = window.qingdu ?? {};
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  // What is typed into the box of a page goes to the search page behind a `#`, which no server gets to see.
  document.querySelector("form.find")?.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(`${event.target.action}#${new URLSearchParams(new FormData(event.target))}`);
  });
  if (!choices || !markup) return; // a file did not come: the page is whole without it
  document.body.insertAdjacentHTML("beforeend", markup);
  const panel = document.getElementById("reader-panel");
  const help = document.getElementById("reader-help");
  if (!panel || !help) return; // a panel of the owner's own

  const word = (name) => document.querySelector(`[data-word="${name}"]`).textContent;
  const onArticle = document.body.dataset.page === "article";
  /** An article's name, the same in every edition. */
  const articleAt = (path) => path.match(/\/articles\/([^/]+?)(?:\.html)?$/)?.[1] ?? "";

  // What lies behind an open dialog is not read aloud, so messages have a place in it, too.
  const say = (text) => {
    const note = document.querySelector("dialog[open] [role=status]") ?? document.querySelector("body > .reader-note");
    note.textContent = text;
    clearTimeout(say.fading);
    say.fading = setTimeout(() => all("[role=status].reader-note").forEach((one) => one.replaceChildren()), 4000);
  };

  // --- editions: the choice is remembered, the paragraph kept ---

  const editions = all(".editions a");

  /** The first block that shows; nothing while the reader is still at the top. */
  const place = () => {
    if (scrollY < 200) return undefined;
    return all(".prose > [id]").find((block) => block.getBoundingClientRect().bottom > 24);
  };

  for (const link of editions) {
    link.addEventListener("click", () => {
      save("edition", link.hreflang);
      link.hash = place()?.id ?? "";
    });
  }

  // Who chose another edition is led on from the front door.
  if ("door" in document.body.dataset) {
    const chosen = editions.find((link) => link.hreflang === load("edition") && !link.hasAttribute("aria-current"));
    if (chosen) location.replace(chosen.href);
  }

  /** To the next script of the language, or else to the next language. */
  const switchEdition = () => {
    const language = (tag) => tag.split("-")[0];
    const here = editions.find((link) => link.hasAttribute("aria-current"));
    const scripts = editions.filter((link) => here && language(link.hreflang) === language(here.hreflang));
    const row = scripts.length > 1 ? scripts : editions;
    row[(row.indexOf(here) + 1) % row.length]?.click();
  };

  // --- read marks ---

  const MOST_READ = 2000; // names of articles; the oldest are forgotten
  /** Titles in lists; not what the text or the navigation links to. */
  const titles = all("main a").filter((link) => articleAt(link.pathname) && !link.closest("nav, .prose, .strip"));
  /** What is gone through by keys: stories, too. */
  const heads = all("main a").filter((link) => titles.includes(link) || link.matches(".entry a:not(.meta *)"));
  const readNames = () => load("read").split("\n").filter(Boolean);

  const keepRead = (names) => {
    const kept = new Set(readNames());
    for (const name of names) {
      kept.delete(name); // read again: it stands last now
      kept.add(name);
    }
    save("read", [...kept].slice(-MOST_READ).join("\n"));
    showRead();
  };

  const showRead = () => {
    const names = new Set(readNames());
    for (const link of titles) {
      const read = names.has(articleAt(link.pathname));
      const mark = link.nextElementSibling;
      if (read === (mark?.className === "reader-mark")) continue;
      link.toggleAttribute("data-read", read);
      if (read) link.insertAdjacentElement("afterend", newMark());
      else mark.remove();
    }
  };

  const newMark = () => {
    const mark = document.createElement("small");
    mark.className = "reader-mark";
    mark.lang = document.documentElement.lang; // the title may be in another language
    mark.textContent = word("read");
    return mark;
  };

  // --- the panel ---

  const number = new Intl.NumberFormat(document.documentElement.lang);

  /** The controls show what holds, whoever changed it. */
  const showSettings = () => {
    const chosen = settings();
    for (const input of all("input[name]", document)) {
      const value = chosen[input.name];
      if (value === undefined) continue;
      if (input.type === "radio") input.checked = input.value === value;
      else if (input.type === "checkbox") input.checked = value === "on";
      else input.value = value;
      if (input.type === "range") input.parentElement.querySelector("output").value = number.format(value) + (input.name === "rate" ? "×" : "");
    }
  };

  const takeSetting = ({ target }) => {
    if (!(target.name in choices) || !target.closest("#reader-panel, .reader-player")) return;
    choose(target.name, target.type === "checkbox" ? (target.checked ? "on" : "off") : target.value);
  };

  const open = (dialog) => {
    if (dialog.open) return;
    document.querySelector("dialog.reader-dialog[open]")?.close();
    dialog.showModal();
  };

  /** Where the clipboard is not allowed, the address bar holds the link. */
  const copy = async (hash) => {
    const address = new URL(hash, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      say(word("copied"));
    } catch {
      history.replaceState(history.state, "", address);
      say(word("not_copied"));
    }
  };

  const share = () => navigator.share({ title: document.title, url: location.href }).catch(() => {}); // given up

  /** What buttons do, by data-action; article.js adds its own. */
  const actions = {
    close: (button) => button.closest("dialog").close(),
    help: () => open(help),
    copy: () => copy(""),
    share,
    mark_all: () => {
      keepRead(titles.map((link) => articleAt(link.pathname)));
      say(word("done"));
    },
    reset: () => {
      reset();
      say(word("done"));
    },
    forget: () => {
      for (const name of ["read", "places"]) save(name, "");
      showRead();
      say(word("done"));
    },
  };

  const button = (name) => document.querySelector(`[data-action="${name}"]`);

  const addDoor = () => {
    const door = document.createElement("button");
    door.type = "button";
    door.className = "reader-open";
    door.setAttribute("aria-haspopup", "dialog");
    door.append(document.getElementById("reader-panel-title").textContent);
    door.addEventListener("click", () => open(panel));
    document.querySelector(".reader-door")?.append(door);
  };

  // --- shortcuts ---

  /** What j and k walk along; in an article its paragraphs (article.js). */
  const stops = () => (heads.length ? heads : all("main a:not(nav a)"));

  const walk = (by) => {
    const row = reader.stops();
    const here = row.findIndex((stop) => stop.contains(document.activeElement));
    const shown = row.findIndex((stop) => stop.getBoundingClientRect().top >= 0);
    const next = here >= 0 ? here + by : by > 0 ? shown : (shown < 0 ? row.length : shown) - 1;
    reader.arrive(row[Math.min(Math.max(next, 0), row.length - 1)]);
  };

  const arrive = (stop) => {
    stop?.focus({ preventScroll: true });
    stop?.scrollIntoView({ block: "center" });
  };

  const nextTheme = () => {
    const names = choices.theme;
    choose("theme", names[(names.indexOf(settings().theme) + 1) % names.length]);
    say(panel.querySelector("[name=theme]:checked").parentElement.textContent);
  };

  const openStop = () => {
    const link = heads.includes(document.activeElement) ? document.activeElement : onArticle && document.querySelector("a.original");
    if (link) link.click();
  };

  const follow = (rel) => document.querySelector(`main a[rel="${rel}"]`)?.click();

  const keys = {
    __proto__: null, // a key is never found among an object's own methods
    j: () => walk(1),
    k: () => walk(-1),
    o: openStop,
    n: () => follow("next"),
    p: () => follow("prev"),
    s: switchEdition,
    t: nextTheme,
    "/": () => document.querySelector("[data-search-box]")?.focus(),
    "?": () => open(help),
  };

  /** Keys for a field, the browser (with a modifier) or an input method are not ours. */
  const belongsElsewhere = (event) =>
    event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey ||
    event.target.closest?.("input, textarea, select, dialog, [contenteditable]");

  /** By the sign; on keyboards with other letters (Arabic, Russian) by the place. */
  const nameOf = ({ key, code, shiftKey }) => {
    if (key === "\u061f") return "?";
    if (key.length > 1) return key; // Enter, or "Process": an input method at work
    const sign = key <= "~" ? key : code.replace(/^Key/, "");
    return shiftKey ? sign : sign.toLowerCase();
  };

  const press = (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) actions.stop?.();
    const act = keys[nameOf(event)];
    if (!act || settings().keys === "off" || belongsElsewhere(event)) return;
    event.preventDefault(); // or "/" would be written into the search box
    act();
  };

  // --- begin ---

  const reader = (window.qingdu.reader = {
    all, word, say, place, copy, actions, keys, stops, arrive, walk, keepRead,
    article: onArticle ? articleAt(location.pathname) : "",
    places: () => loadTable("places"),
  });

  addDoor();
  showSettings();
  showRead();
  button("share").hidden = !navigator.share;
  button("mark_all").hidden = !titles.length;
  document.addEventListener("input", takeSetting);
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-action]");
    if (pressed) actions[pressed.dataset.action]?.(pressed);
  });
  document.documentElement.addEventListener("settings", showSettings);
  addEventListener("storage", showRead);
  addEventListener("pageshow", (event) => event.persisted && showRead());
})();
