// Finds articles in the index that the site carries (generator/search says how it is written).
// Words are looked up here, in the browser; what is asked for are numbered pieces of the index.
(() => {
  const place = document.querySelector("[data-search]");
  const form = place.querySelector("form");
  const box = form.elements.q;
  const status = place.querySelector("[role=status]");
  const list = place.querySelector("[data-results]");
  const more = place.querySelector("[data-more]");
  const filters = place.querySelector("details"), clear = place.querySelector("[data-clear]");
  const pattern = place.querySelector("template").content.firstElementChild;
  const words = JSON.parse(place.dataset.words);
  const lang = document.documentElement.lang;
  const dates = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" });
  const PAGE = 6, CARDS = 16, MARK = 3, PREFIX = 12, MOST_KEYS = 40, LONG = 16, WHOLE = 2 ** 32;
  const NEAR = 0.6, ALWAYS = 1e6; // of what is asked, as much makes an article a near one; more than all words are worth

  // --- Fetching: every file once. A piece of another index than the one we know, or none, has everything asked for again;
  // then its numbers have to be ours, but what it says may be newer.
  const files = new Map();
  let again = false;
  const load = (path, read) => {
    if (!files.has(path)) {
      const cache = again ? "reload" : path.includes("?") ? "default" : "no-cache";
      const file = fetch(path, { cache }).then((answer) => {
        if (!answer.ok) throw new RangeError(`${answer.status}: ${path}`);
        return answer[read]();
      });
      files.set(path, file);
      file.catch(() => files.delete(path));
    }
    return files.get(path);
  };
  const base = place.dataset.index;
  const mark = (marks, number) => marks.slice(MARK * number, MARK * (number + 1)); // the version of a file
  let letters, cards;
  const open = async () => {
    const index = await load(`${base}index.json`, "json");
    if (!letters) {
      const pairs = [...await load(`${base}letters.txt?v=${index.letters}`, "text")];
      letters = new Map(Object.entries({ ى: "ي", ی: "ي", ة: "ه", ک: "ك", ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l" }));
      for (let i = 0; i < pairs.length; i += 2) letters.set(pairs[i], pairs[i + 1]);
    }
    let first = 0;
    cards = (file) => `${place.dataset.cards}${file}.json?v=${mark(index.cards, file)}`;
    return index.segments.map(([name, version, size, shards, marks]) => {
      first += size;
      return { name, version, size, shards, marks, first: first - size };
    });
  };

  // --- Folding and keys, as generator/search/folding.py does them.
  const WIDE = "\u0e00-\u109f\u1780-\u17ff\u2e80-\uffff";
  const GAP = new RegExp(`(?<=[${WIDE}]) +(?=[^\\s${WIDE}])|(?<=[^\\s${WIDE}]) +(?=[${WIDE}])`, "g");
  const WORD = new RegExp(`[^\\s${WIDE}]+`, "g");
  const PHRASE = new RegExp(`[^\\s${WIDE}]+(?: +[^\\s${WIDE}]+)+`, "g");
  const wide = (unit) => new RegExp(`[${WIDE}]`).test(unit);
  const letter = (c) => {
    if (/[\p{L}\p{N}\p{M}]/u.test(c)) return letters.get(c) ?? c;
    return (c !== "\n" && (c < "\x80" || /\p{Z}/u.test(c))) || c === "’" ? " " : "\n";
  };
  const loose = (text) => {
    const plain = text.normalize("NFKD").toLowerCase();
    const bare = plain.replace(/[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640]/g, "").normalize("NFC");
    return Array.from(bare, letter).join("");
  };
  const fold = (text) => loose(text).replace(GAP, "");
  const number = (term) => {
    if (term.length < 3) return term.charCodeAt(0) | (term.length > 1 ? term.charCodeAt(1) << 16 : 0);
    let sum = -1;
    for (let i = 0; i < 2 * term.length; i++) {
      sum ^= (term.charCodeAt(i >> 1) >> (8 * (i & 1))) & 255;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 && 0xedb88320);
    }
    return ~sum;
  };
  const key = (term) => Math.imul(number(term), 0x9e3779b1) >>> 0;
  // [term, the class of what has to follow it]
  const terms = (folded, exact) => {
    const found = folded.match(WORD)?.map((word) => [word.slice(0, PREFIX)]) ?? [];
    for (const run of folded.match(/\S+/g) ?? []) {
      if (run.length === 1) found.push([run]);
      const step = run.length > LONG ? 2 : 1; // every other pair of a long run is enough
      for (let i = 1; i < run.length; i += step) {
        const next = i + 1 < run.length ? 1 << (run.charCodeAt(i + 1) & 3) : 0;
        if (wide(run[i - 1] + run[i])) found.push([run[i - 1] + run[i], next]);
      }
    }
    for (const phrase of (exact && folded.match(PHRASE)) || []) {
      const row = phrase.split(/ +/);
      for (let i = 1; i < row.length; i++) found.push([`${row[i - 1]} ${row[i]}`]);
    }
    return found;
  };

  // --- Shards, as generator/search/shards.py writes them.
  const rice = (among, count) => Math.max(0, 31 - Math.clz32((Math.floor((among - count) / count) * 11) / 16));
  const read = (bytes, low, span, size, wanted) => {
    let at = 8 * (MARK + 6);
    const bit = () => (bytes[at >> 3] >> (7 - (at++ & 7))) & 1;
    const bits = (count) => {
      let value = 0;
      while (count--) value = value * 2 + bit();
      return value;
    };
    const gamma = () => {
      let zeros = 0;
      while (!bit()) zeros++;
      return 2 ** zeros + bits(zeros);
    };
    const distances = (among, count) => {
      const parameter = count && rice(among, count);
      const row = [];
      for (let last = -1; count--; row.push(last)) {
        let high = 0;
        while (bit()) high++;
        last += 1 + high * 2 ** parameter + bits(parameter);
      }
      return row;
    };
    const found = new Map();
    for (const distance of distances(span, bytes[MARK + 4] | (bytes[MARK + 5] << 8))) {
      const owners = distances(size, gamma());
      const told = bit();
      const after = owners.map(() => (!told ? 15 : bit() ? bits(4) : 1 << bits(2)));
      const strong = distances(owners.length, gamma() - 1);
      if (wanted.has(low + distance)) found.set(low + distance, [owners, after, strong.map((i) => owners[i])]);
    }
    return found;
  };
  const lookUp = async (segment, keys) => {
    const shares = new Map();
    for (const k of keys) {
      const shard = Math.floor((k * segment.shards) / WHOLE);
      shares.set(shard, [...(shares.get(shard) ?? []), k]);
    }
    const rows = await Promise.all([...shares].map(async ([shard, share]) => {
      const version = mark(segment.marks, shard);
      const path = `${base}${segment.name}/${shard}.bin?v=${segment.version}${version}`;
      const bytes = new Uint8Array(await load(path, "arrayBuffer"));
      const numbers = Array.from(bytes.subarray(MARK, MARK + 4), (b) => b.toString(16).padStart(2, "0")).join("");
      const said = String.fromCharCode(...bytes.subarray(0, MARK));
      if (numbers !== segment.version || (said !== version && !again)) throw new RangeError(path);
      const [low, high] = [shard, shard + 1].map((n) => Math.ceil((n * WHOLE) / segment.shards));
      return [...read(bytes, low, high - low, segment.size, new Set(share))];
    }));
    return new Map(rows.flat());
  };

  // --- A search: what is asked, which articles have it, in which order.
  const asked = () => {
    const parts = [];
    const rest = box.value.replace(/["“„「『]([^"”“」』]+)["”“」』]/g, (_, text) => {
      parts.push({ text: fold(text).trim(), exact: true });
      return "\n";
    });
    const runs = fold(rest).match(/\S+/g) ?? [];
    return [...parts, ...runs.map((text) => ({ text, exact: false }))].filter((part) => part.text);
  };
  const field = (name) => form.elements[name].value;
  const set = () => [...filters.querySelectorAll("select, input")].filter((one) => one.value);
  const period = async () => {
    if (!field("from") && !field("to")) return [0, Infinity];
    const [undated, ...runs] = await load(`${base}days.json`, "json");
    const day = (name) => (field(name) ? Date.parse(field(name)) / 864e5 + 719163 : Infinity);
    let low = undated, high = undated;
    for (let i = 0, date = 0, count = undated; i < runs.length; i += 2) {
      date += runs[i];
      count += runs[i + 1];
      if (field("from") && date < day("from")) low = count;
      if (date <= day("to")) high = count;
    }
    return [low, high];
  };
  const matches = async (segments, parts) => {
    const searched = parts.flatMap((part) => terms(part.text, part.exact)).slice(0, MOST_KEYS);
    const filled = ["topic", "publisher", "lang"].filter(field);
    const labels = filled.flatMap((name) => (form.elements[name].selectedOptions[0].dataset.any ?? field(name))
      .split(" ").map((one) => key(`=${name}/${one}`))); // a topic, or any of its parts
    const needs = new Map(labels.map((label) => [label, 0]));
    for (const [term, next] of searched) needs.set(key(term), needs.get(key(term)) | next);
    const keys = [...needs.keys()];
    const [low, high] = await period();
    const tables = await Promise.all(segments.map((segment) => lookUp(segment, keys)));
    const all = segments.reduce((sum, { size }) => sum + size, 0);
    // What a key tells of an article: some more when few have it, nothing when none has; a filter is never given up.
    const worth = new Map(keys.map((k, i) => {
      const owners = tables.reduce((sum, rows) => sum + (rows.get(k)?.[0].length ?? 0), 0);
      return [k, i < labels.length ? ALWAYS : owners && 1 + Math.log(1 + all / owners) / 9];
    }));
    const rows = segments.flatMap((segment, number) => {
      const [count, score, weight] = [Uint8Array, Float64Array, Uint8Array].map((kind) => new kind(segment.size));
      for (const [k, [owners, after, strong]] of tables[number]) {
        owners.forEach((i, n) => {
          count[i] += (after[n] & needs.get(k)) === needs.get(k);
          score[i] += worth.get(k);
        });
        for (const i of strong) weight[i]++;
      }
      return Array.from(count.keys(), (i) => [segment.first + i, weight[i], segment, count[i], score[i]])
        .filter(([n]) => n >= low && n < high);
    });
    const full = rows.filter((row) => row[3] === keys.length - labels.length + filled.length);
    const newest = field("sort") === "newest";
    if (full.length) return full.sort((a, b) => (newest ? 0 : b[1] - a[1]) || b[0] - a[0]);
    const known = keys.slice(labels.length).reduce((sum, k) => sum + worth.get(k), 0);
    const enough = filled.length * ALWAYS + NEAR * known;
    const near = known && !parts.some((part) => part.exact) ? rows.filter((row) => row[4] >= enough) : [];
    near.sort((a, b) => b[4] - a[4] + (b[1] - a[1]) / 4 || b[0] - a[0]).splice(2 * PAGE);
    return Object.assign(near, { near: near.length > 0 });
  };

  // --- Showing: titles first, then the place of the words in the article's own page.
  const chart = (text) => {
    let flat = "", at = [], from = 0;
    for (const c of text) {
      const folded = loose(c);
      flat += folded;
      for (let i = 0; i < folded.length; i++) at.push(from);
      from += c.length;
    }
    for (const gap of [...flat.matchAll(GAP)].reverse()) {
      flat = flat.slice(0, gap.index) + flat.slice(gap.index + gap[0].length);
      at.splice(gap.index, gap[0].length);
    }
    return [flat, [...at, from]];
  };
  const hits = (text, needles) => {
    const [flat, at] = chart(text);
    const spans = [];
    for (const needle of needles) {
      for (let i = flat.indexOf(needle); i >= 0; i = flat.indexOf(needle, i + needle.length)) {
        const inside = i > 0 && !/\s/.test(flat[i - 1]) && !wide(flat[i - 1]) && !wide(needle[0]);
        if (!inside) spans.push([at[i], at[i + needle.length], needle]);
      }
    }
    return spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  };
  const fill = (element, text, spans, from = 0, to = text.length) => {
    const nodes = from > 0 ? ["…"] : [];
    let last = from;
    for (const [start, end] of spans) {
      if (start < last || end > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      nodes.push(text.slice(last, start), mark);
      last = end;
    }
    element.replaceChildren(...nodes, text.slice(last, to), to < text.length ? "…" : "");
  };
  const BLOCKS = "p,li,h2,h3,h4,td,th,figcaption,blockquote,pre,dt,dd";
  const excerpt = (item, html, parts) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const texts = [...page.querySelectorAll(BLOCKS.split(",").map((name) => `.prose ${name}`).join())]
      .filter((block) => !block.querySelector(BLOCKS)).map((block) => block.textContent.trim()).filter(Boolean);
    const whole = fold(page.querySelector("main").textContent);
    if (parts.some((part) => part.exact && !whole.includes(part.text))) return false;
    const needles = parts.map((part) => part.text);
    const rows = [needles, pieces(parts)]
      .map((row) => texts.map((text) => [text, hits(text, row)]).filter(([, spans]) => spans.length));
    const variety = ([, spans]) => new Set(spans.map((span) => span[2])).size;
    const [text, spans] = (rows[0].length ? rows[0] : rows[1])
      .reduce((best, row) => (best && variety(best) >= variety(row) ? best : row), null) ?? [texts[0] ?? "", []];
    const reach = wide(text) ? 1 : 2;
    const start = spans.length ? spans[0][0] : 0;
    let from = Math.max(0, start - 20 * reach);
    if (from && reach > 1) from = text.indexOf(" ", from) + 1 || from;
    fill(item.querySelector(".excerpt"), text, spans, from, Math.min(text.length, from + 110 * reach));
    return true;
  };
  const dir = (tag) => (/^(ar|he|fa|ug|ur)\b/.test(tag) ? "rtl" : "ltr");
  const pieces = (parts) => parts.flatMap((part) => terms(part.text, false).map(([term]) => term));
  const entry = ([id, title, day, publisher, tongue], parts, near) => {
    const item = pattern.cloneNode(true);
    const link = item.querySelector("a");
    link.href = `${place.dataset.articles}${id}.html`;
    fill(link, title, hits(title, near ? pieces(parts) : parts.map((part) => part.text)));
    for (const element of item.querySelectorAll("[data-tongue]")) {
      element.lang = tongue;
      element.dir = dir(tongue);
    }
    item.querySelector("bdi").textContent =
      [...form.elements.publisher.options].find((option) => option.value === publisher)?.text ?? publisher;
    const time = item.querySelector("time");
    if (day) {
      time.dateTime = day;
      time.textContent = dates.format(Date.parse(day));
    } else time.remove();
    return item;
  };
  const say = (message, count) => {
    const text = typeof message === "string" ? message : message[new Intl.PluralRules(lang).select(count)] ?? message.other;
    status.textContent = text.replace("{count}", new Intl.NumberFormat(lang).format(count));
  };
  let round = 0;
  const show = async (found, parts, shown, mine) => {
    const part = found.slice(shown, shown + PAGE);
    const rows = await Promise.all(part.map(([n]) => load(cards(Math.floor(n / CARDS)), "json")));
    if (mine !== round) return;
    const items = rows.map((row, i) => entry(row[part[i][0] % CARDS], parts, found.near));
    if (!shown) list.replaceChildren();
    list.append(...items);
    more.hidden = shown + PAGE >= found.length;
    more.onclick = () => show(found, parts, shown + PAGE, mine).then(() => list.children[shown + PAGE]?.querySelector("a").focus(), fail);
    const watch = new IntersectionObserver((seen) => {
      for (const { target } of seen.filter((one) => one.isIntersecting)) {
        const item = target.closest("li");
        watch.unobserve(target);
        load(item.querySelector("a").href, "text").then((html) => {
          if (mine !== round || excerpt(item, html, parts)) return;
          item.remove(); // the words of a quoted phrase are there, the phrase is not
          say(--found.total ? words.count : words.none, found.total);
        }, () => {});
      }
    }, { threshold: 0.9 }); // a page is the dearest of what is fetched: only for an excerpt that is in view
    for (const item of items) watch.observe(item.querySelector(".excerpt"));
  };
  const { title } = document;
  const remember = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(filled).toString();
    const count = set().length;
    filters.querySelector(".count").textContent = count ? new Intl.NumberFormat(lang).format(count) : "";
    clear.hidden = !set().some((one) => one.name !== "sort");
    document.title = (box.value && `${box.value} · `) + title;
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    return query;
  };
  const fail = (error) => {
    console.warn(error);
    list.replaceChildren();
    more.hidden = true;
    say(navigator.onLine && !(error instanceof TypeError) ? words.failed : words.offline); // as fetch() says that nobody answers
  };
  const search = async (anew = false) => {
    const mine = ++round;
    again = anew;
    remember();
    try {
      const segments = await open();
      const parts = asked();
      const found = parts.length ? await matches(segments, parts) : [];
      if (mine !== round) return;
      found.total = found.length;
      place.dispatchEvent(new CustomEvent("found", { detail: found.near ? [] : found.map(([n]) => n) })); // for the measurements
      if (!found.length) list.replaceChildren();
      more.hidden = true;
      await show(found, parts, 0, mine);
      if (mine === round) say(parts.length ? (found.near ? words.near : found.total ? words.count : words.none) : "", found.total);
    } catch (error) {
      if (mine !== round) return;
      if (error instanceof RangeError && !anew) {
        files.clear(); // the site was built anew since
        search(true);
      } else fail(error);
    }
  };

  // --- The form and the keys.
  place.querySelector("[data-without]").hidden = true;
  form.hidden = false;
  if (location.protocol === "file:") {
    say(words.file);
    return;
  }
  const given = new URLSearchParams(location.search || location.hash.slice(1));
  for (const [name, value] of given) if (form.elements[name]) form.elements[name].value = value;
  filters.open = set().length > 0;
  let timer;
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => search(), wait);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) box.blur(); // puts the keyboard on the screen away
    soon(0);
  });
  form.addEventListener("input", (event) => event.isComposing || soon(300)); // half a word of an input method is none
  box.addEventListener("compositionend", () => soon(300));
  clear.addEventListener("click", () => {
    for (const one of set()) one.value = "";
    box.focus();
    search();
  });
  box.addEventListener("compositionstart", () => clearTimeout(timer));
  box.addEventListener("focus", () => open().catch(() => {}), { once: true });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [box, ...list.querySelectorAll("h2 a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!step || !stops.includes(document.activeElement) || !next || event.isComposing) return;
    event.preventDefault();
    next.focus();
  });
  for (const link of document.querySelectorAll("a[hreflang]")) {
    link.addEventListener("click", () => (link.hash = remember()));
  }
  if (box.value) search();
  else box.focus();
})();
