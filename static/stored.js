// The page of what is stored: its sets and what was read lately, from the caches that worker.js keeps.
qingdu.stored = ({ place, root, own, recordOf, say, make, doing, dates }) => {
  const show = async () => {
    const sets = make("ul", { className: "index" }), read = make("ul", { className: "titles" });
    let pages = 0;
    for (const name of (await caches.keys()).filter((one) => one.startsWith(own))) {
      const record = await recordOf(name);
      const cache = await caches.open(name);
      const held = (await cache.keys()).filter(({ url }) => /\.html$|\/$/.test(url) && !url.endsWith("/offline.html"));
      pages += held.length;
      if (record) {
        const remove = make("button", { type: "button", textContent: say("remove") });
        remove.ariaLabel = `${say("remove")}: ${record.title}`;
        remove.onclick = () => caches.delete(name).then(show);
        const about = say("about", { pages: record.pages, date: dates.format(record.time) });
        sets.append(make("li", {}, make("a", { href: new URL(record.path, root), textContent: record.title }), " ", make("span", { className: "count", textContent: about }), " ", remove));
      }
      if (!name.endsWith(" read")) continue;
      for (const request of held.slice(-30).reverse()) {
        const { title, documentElement } = new DOMParser().parseFromString(await (await cache.match(request)).text(), "text/html");
        read.append(make("li", { lang: documentElement.lang }, make("a", { href: request.url, textContent: title })));
      }
    }
    const { usage } = await navigator.storage.estimate();
    const heading = (word) => make("h2", { textContent: say(word) });
    place.replaceChildren(make("p", { textContent: say(pages ? "usage" : "nothing", { pages, size: usage / 1e6 }) }));
    if (sets.firstChild) place.append(heading("sets"), sets, doing("update", { renew: 0 }, show));
    if (read.firstChild) place.append(heading("read"), read);
    const wanted = new URL(location.hash.slice(1), root);
    if (location.hash && wanted.href.startsWith(root)) {
      place.prepend(make("p", { className: "nothing" }, say("absent"), " ", make("a", { href: wanted, textContent: say("again") })));
    }
  };
  show();
};
