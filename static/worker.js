// Keeps pages for the time without a network; worker.js at the site's root names ROOT, OWN, SHELL and EDITIONS.
// Kept are: the shell (scripts, styles, offline pages), what was read, and a cache for each set that the reader saved.
const MONTH = 30 * 864e5, MOST = 1500, PATIENCE = 3000;
const at = (path) => new URL(path, ROOT).href;
const bare = (url) => url.replace(/[?#].*/, "");
const open = (name) => caches.open(OWN + name);

const find = async (request, options) => {
  for (const name of await ours()) {
    const held = await (await caches.open(name)).match(request, options);
    if (held) return held;
  }
};

// A copy that says when it was kept, and that no redirect clings to.
const copy = async (answer) => {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", Date.now());
  return new Response(await answer.blob(), { headers });
};

const evict = async (cache) => {
  const keys = await cache.keys(); // the oldest first
  for (const [i, key] of keys.entries()) {
    const kept = (await cache.match(key))?.headers.get("X-Kept");
    if (i >= keys.length - MOST && Date.now() - kept < MONTH) break;
    await cache.delete(key);
  }
};

const keep = async (request, answer) => {
  if (answer.status !== 200 || answer.type !== "basic") return;
  const kept = await copy(answer);
  for (const name of await ours()) {
    const cache = await caches.open(name);
    if (name !== `${OWN}read` && await cache.match(request)) await cache.put(request, kept.clone());
  }
  const read = await open("read");
  await read.put(request, kept);
  await evict(read);
};

const fromNetwork = async (event) => {
  const answer = await fetch(event.request);
  const { url, mode } = event.request;
  event.waitUntil(keep(mode === "navigate" ? bare(url) : url, answer.clone()).catch(() => {})); // a full disk is no fault of the page
  return answer;
};

// What stands in for a file that is not there: its other version, or the same picture in another size.
const nearest = async ({ url }) => {
  const held = await find(url, { ignoreSearch: true });
  const stem = url.match(/^(.*\/media\/.+-)\d+\.webp$/)?.[1];
  if (held || !stem) return held;
  for (const name of await ours()) {
    const cache = await caches.open(name);
    const other = (await cache.keys()).find((key) => key.url.startsWith(stem));
    if (other) return cache.match(other);
  }
};

const file = async (event) => {
  const { request } = event;
  try {
    return (await find(request)) ?? (await fromNetwork(event));
  } catch {
    return (await nearest(request)) ?? Response.error();
  }
};

const page = async (event) => {
  const { request } = event;
  const network = fromNetwork(event);
  event.waitUntil(network.catch(() => {})); // also when it comes too late to be shown
  const url = request.url.replace(/\/(?=[?#]|$)/, "/index.html");
  const held = async () => (await find(request, { ignoreSearch: true })) ?? find(url, { ignoreSearch: true });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(held);
  try {
    return (await Promise.race([network, late])) ?? (await network);
  } catch {
    const there = await held();
    if (there || request.mode !== "navigate") return there ?? Response.error();
    const path = request.url.slice(ROOT.href.length);
    const edition = EDITIONS.find((slug) => path.startsWith(`${slug}/`)) ?? EDITIONS[0];
    return Response.redirect(at(`${edition}/offline.html#${path}`));
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const { href, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || !href.startsWith(ROOT) || /\.(epub|xml|opml)$|\/worker\.js$/.test(pathname)) return;
  const fixed = search.startsWith("?v=") || pathname.includes("/media/");
  event.respondWith(fixed && request.cache === "default" ? file(event) : page(event));
});

// --- Sets: the pages that a list links to, with their pictures.
const links = (text, from, pattern) => {
  const found = [...text.matchAll(pattern)].map((match) => new URL(match[1], from).href);
  return [...new Set(found)].filter((url) => url.startsWith(ROOT));
};

const store = async (path, title, tell) => {
  const cache = await open(`set ${path}`);
  const note = (record) => cache.put(at("set.json"), new Response(JSON.stringify({ path, title, ...record })));
  const take = async (url) => {
    const answer = await fetch(url, { cache: "no-cache" });
    if (answer.status !== 200) throw new Error(url);
    const text = await answer.clone().text();
    for (const image of links(text, url, /<img[^>]*? src="([^"]+)"/g)) {
      if (!(await cache.match(image))) await cache.put(image, (await find(image)) ?? (await copy(await fetch(image))));
    }
    await cache.put(url, await copy(answer));
    return text;
  };
  let done = 0, failed = 0, of = 1, pages = [];
  const count = async (work) => {
    await work.then(() => done++, () => failed++);
    tell({ path, done, failed, of });
  };
  await count(take(at(path)).then((text) => {
    const main = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
    pages = links(main, at(path), /href="([^"#]*articles\/[^"#]+)/g);
    of += pages.length;
  }));
  const next = async () => {
    while (pages.length) await count(take(pages.shift()));
  };
  await Promise.all([next(), next(), next(), next()]);
  const kept = (await cache.keys()).filter(({ url }) => url.includes("/articles/")).length;
  if (kept || !failed) await note({ pages: kept, failed, time: Date.now() });
  else await caches.delete(`${OWN}set ${path}`);
  tell({ path, done, failed, of, end: true });
};

const renew = async (age, tell) => {
  for (const name of await ours()) {
    const record = await (await (await caches.open(name)).match(at("set.json")))?.json();
    if (record && Date.now() - record.time >= age) await store(record.path, record.title, tell);
  }
  tell({ end: true });
};

addEventListener("message", (event) => {
  const { save, title, renew: age } = event.data;
  const tell = (news) => event.source.postMessage(news);
  event.waitUntil(save ? store(save, title, tell) : renew(age, tell));
});

addEventListener("install", (event) => event.waitUntil((async () => {
  const shell = await open("shell");
  await shell.addAll(SHELL.map((path) => new Request(at(path), { cache: "reload" })));
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const shell = await open("shell"), now = SHELL.map(at);
  for (const { url } of await shell.keys()) if (!now.includes(url)) await shell.delete(url);
  await clients.claim();
  for (const { url } of await clients.matchAll()) await keep(bare(url), await fetch(bare(url))); // read before there was a worker
})()));
