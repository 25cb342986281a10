// For articles: the place where the reader stopped, links to paragraphs, pictures on demand, reading aloud.
(() => {
  const { save, settings, reader } = window.qingdu ?? {};
  const prose = document.querySelector(".prose");
  const blocks = [...document.querySelectorAll(".prose > [id]")];
  if (!reader || !blocks.length) return;
  const { word, actions, keys } = reader;

  const newButton = (className, text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.lang = document.documentElement.lang; // the article round it may be in another language
    button.dir = document.documentElement.dir;
    button.textContent = text;
    return button;
  };

  // --- where the reader stopped ---

  const MOST_PLACES = 200; // articles begun and not finished; the oldest are forgotten
  const NEAR = 2; // who stopped in the first paragraphs begins anew

  const keepPlace = (id) => {
    const { [reader.article]: _, ...others } = reader.places();
    const rows = Object.entries(id ? { ...others, [reader.article]: id } : others);
    save("places", rows.length ? JSON.stringify(Object.fromEntries(rows.slice(-MOST_PLACES))) : "");
  };

  const atEnd = () => blocks.at(-1).getBoundingClientRect().bottom <= innerHeight;

  /** Whoever sees the last line has read the article; until then the first block that shows is the place. */
  const look = () => {
    looking = 0;
    if (document.visibilityState !== "visible") return;
    const here = blocks.indexOf(reader.place());
    if (atEnd()) {
      if (reader.article in reader.places()) keepPlace("");
      reader.keepRead([reader.article]);
    } else if (here >= NEAR) keepPlace(blocks[here].id);
    if (atEnd() || here >= offered) dismiss();
  };

  let looking = 0;
  const lookSoon = () => {
    looking ||= setTimeout(look, 300);
  };

  let offered = Infinity;
  const dismiss = () => {
    document.querySelector(".reader-continue")?.remove();
    offered = Infinity;
  };

  /** An offer, not a jump. Who came to a paragraph, or by "back", gets none. */
  const offer = () => {
    const id = reader.places()[reader.article];
    const index = blocks.findIndex((block) => block.id === id);
    if (index < NEAR || location.hash || reader.place()) return;
    offered = index;
    const bar = document.createElement("aside");
    bar.className = "reader-bar reader-continue";
    bar.setAttribute("aria-label", word("place"));
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = word("continue");
    link.addEventListener("click", () => setTimeout(dismiss));
    const close = newButton("", document.querySelector('[data-action="close"]').textContent);
    close.addEventListener("click", dismiss);
    bar.append(link, close);
    document.querySelector(".skip").after(bar); // the next thing a keyboard comes to
  };

  // --- links to paragraphs ---

  // One button wanders with pointer and keyboard: one a paragraph would be forty tab stops.
  const mark = newButton("reader-link", "");
  mark.setAttribute("aria-label", word("copy_paragraph"));
  let current = blocks[0];

  /** A list may hold only items, a table only cells. */
  const holder = (block) => (/^[UO]L|TABLE$/.test(block.tagName) ? [...block.querySelectorAll("li, td, th")].at(-1) : block);

  const moveMark = (block) => {
    current = block;
    (holder(block) ?? block).append(mark);
  };

  const moveByArrow = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = by && blocks[blocks.indexOf(current) + by];
    if (!next) return;
    event.preventDefault();
    moveMark(next);
    mark.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const copyCurrent = () => reader.copy(`#${current.id}`);

  mark.addEventListener("click", copyCurrent);
  mark.addEventListener("keydown", moveByArrow);
  prose.addEventListener("pointerover", ({ target }) => {
    const block = blocks.find((one) => one.contains(target));
    if (block && block !== current && document.activeElement !== mark) moveMark(block);
  });
  moveMark(current);

  reader.stops = () => blocks;
  /** A screen reader, and the next Tab, go on from here. */
  const focusOn = (block) => {
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
  };

  reader.arrive = (block) => {
    moveMark(block);
    focusOn(block);
    block.scrollIntoView({ block: "start" });
  };
  keys.c = copyCurrent;

  // --- pictures on demand ---

  // reader.css takes pictures off the page; those that load late are then never asked for.
  const askForPictures = () => {
    if (settings().images === "on") return;
    for (const image of prose.querySelectorAll("img:not([data-asked])")) {
      const place = image.closest("a, picture") ?? image;
      if (place.previousElementSibling?.className === "reader-picture") continue;
      const button = newButton("reader-picture", word("show_picture"));
      button.addEventListener("click", () => {
        image.setAttribute("data-asked", "");
        button.remove();
      });
      place.before(button);
    }
  };

  // --- reading aloud ---

  const speech = window.speechSynthesis;
  const player = document.querySelector(".reader-player");
  const pauseButton = document.querySelector('[data-action="pause"]');
  const pauseWord = pauseButton.textContent;
  const rows = [document.querySelector("h1"), ...blocks];
  let row = 0; // what is read, from which character on, by which utterance
  let from = 0;
  let speaking = null;

  /** zh-Hans -> zh-Hans-CN, cmn_TW -> zh-Hant-TW: voices name languages in several ways. */
  const tongue = (tag) => {
    try {
      const plain = tag.replaceAll("_", "-").replace(/^cmn\b/i, "zh").replace(/^yue(-Hant)?(-HK)?$/i, "zh-Hant-HK");
      return new Intl.Locale(plain).maximize();
    } catch {
      return {};
    }
  };

  /** How well a voice reads a language; 0 for voices that would send the text to a server. */
  const fitness = (voice, wanted) => {
    const has = tongue(voice.lang);
    if (!voice.localService || has.language !== wanted.language) return 0;
    const same = (part) => has[part] === wanted[part];
    // zh-HK is Cantonese: any Mandarin voice is nearer to a text from Taiwan.
    const cantonese = (tag) => tag.language === "zh" && /HK|MO/.test(tag.region);
    return 1 + 8 * (cantonese(has) === cantonese(wanted)) + 4 * same("region") + 2 * same("script") + voice.default;
  };

  const voiceFor = (lang) => {
    const wanted = tongue(lang);
    const ranked = speech.getVoices().map((voice) => [fitness(voice, wanted), voice]);
    return ranked.reduce((best, one) => (one[0] > best[0] ? one : best), [0, null])[1];
  };

  const langOf = (block) => block.closest("[lang]").lang;

  const showListening = () => {
    document.querySelector("[data-spoken]")?.removeAttribute("data-spoken");
    const on = !player.hidden;
    if (on) rows[row].setAttribute("data-spoken", "");
    pauseButton.textContent = speaking ? pauseWord : word("resume");
  };

  /** A voice that is cut off still reports an end; nobody waits for that one. */
  const hush = () => {
    speaking = null;
    speech.cancel();
  };

  const speak = () => {
    hush();
    const voice = voiceFor(langOf(rows[row]));
    const text = textOf(rows[row]).slice(from);
    if (!voice || !text.trim()) return next();
    const start = from;
    const utterance = new SpeechSynthesisUtterance(text);
    Object.assign(utterance, { voice, lang: voice.lang, rate: Number(settings().rate) });
    utterance.onboundary = (event) => {
      if (speaking === utterance) from = start + event.charIndex;
    };
    utterance.onend = utterance.onerror = () => speaking === utterance && next();
    speaking = utterance;
    speech.speak(utterance);
    showListening();
    rows[row].scrollIntoView({ block: "nearest" });
  };

  /** The text of a block without our buttons. */
  const textOf = (block) => {
    const copy = block.cloneNode(true);
    for (const button of copy.querySelectorAll("button")) button.remove();
    return copy.textContent;
  };

  const next = () => {
    from = 0;
    row += 1;
    if (row < rows.length) speak();
    else stop();
  };

  const stop = () => {
    dismiss();
    if (player.hidden) return;
    hush();
    const reached = rows[Math.min(row, rows.length - 1)];
    if (player.contains(document.activeElement)) focusOn(reached);
    player.hidden = true;
    showListening();
  };

  /** From the paragraph that shows; from the headline at the top. */
  const listen = () => {
    document.querySelector("dialog[open]")?.close();
    row = Math.max(0, rows.indexOf(document.activeElement === current ? current : reader.place()));
    from = 0;
    player.hidden = false;
    speak();
  };

  /** The pressed button goes with the panel, so the keyboard is led to the controls. */
  const listenFromPanel = () => {
    listen();
    pauseButton.focus();
  };

  // The browser's own pause is a stop on some phones; ours stops at a word and speaks on from it.
  const pause = () => {
    if (!speaking) return speak();
    hush();
    showListening();
  };

  const canListen = () => Boolean(speech && voiceFor(langOf(prose)));
  const showListen = () => {
    document.querySelector('[data-action="listen"]').hidden = !canListen();
  };

  Object.assign(actions, { listen: listenFromPanel, pause, stop });
  keys.l = () => {
    if (!player.hidden) pause();
    else if (canListen()) listen();
  };
  let rate = settings().rate;
  const followRate = () => {
    if (rate === settings().rate) return;
    rate = settings().rate;
    if (speaking) speak();
  };

  // --- begin ---

  document.documentElement.addEventListener("settings", askForPictures);
  document.documentElement.addEventListener("settings", followRate);
  askForPictures();
  showListen();
  speech?.addEventListener("voiceschanged", showListen);
  addEventListener("scroll", lookSoon, { passive: true });
  document.addEventListener("visibilitychange", lookSoon);
  addEventListener("load", () => requestAnimationFrame(() => { offer(); lookSoon(); }));
  addEventListener("pagehide", () => { look(); if (speech) hush(); });
})();
