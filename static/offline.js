// For the time without a network: registers the worker, offers to save a list, shows what is stored.
(async () => {
  const root = new URL("..", document.currentScript.src);
  const place = document.querySelector("[data-offline]");
  const words = window.qingdu?.offline && { ...qingdu.offline, ...JSON.parse(place?.dataset.words ?? "{}") };
  const { serviceWorker } = navigator;
  // The preview reloads by itself, and shall show the files as they are.
  if (!words || !serviceWorker || document.querySelector('script[src="/livereload.js"]')) return;
  if (!/^http/.test(root.protocol)) return;
  const lang = document.documentElement.lang;
  const edition = new URL(words.edition, root);
  const main = document.querySelector("main");
  const own = `qingdu ${root.pathname} `;
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const dates = new Intl.DateTimeFormat(lang, { dateStyle: "medium" });
  const say = (word, values = {}) =>
    words[word].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number.format(values[name]) : values[name]));
  const make = (tag, properties, ...children) => {
    const one = Object.assign(document.createElement(tag), properties);
    one.append(...children);
    return one;
  };

  document.head.append(make("link", { rel: "manifest", href: new URL("manifest.webmanifest", edition) }));
  try {
    await serviceWorker.register(new URL("worker.js", root), { updateViaCache: "none" });
  } catch {
    return; // the browser will not have it
  }
  const { active } = await serviceWorker.ready;

  const recordOf = async (name) => (await (await caches.open(name)).match(new URL("set.json", root)))?.json();

  // A button with its progress: asks the worker, and says how far it is.
  const doing = (word, ask, then) => {
    const button = make("button", { type: "button", textContent: say(word) });
    const bar = make("progress", { hidden: true, ariaLabel: say(word) });
    const status = make("span", { role: "status" });
    const told = ({ data: { done, failed, of, end } }) => {
      if (of) {
        Object.assign(bar, { max: of, value: done + failed });
        status.textContent = failed ? say("failed", { failed }) : say(end ? "saved" : "saving", { done, of });
      }
      if (!end || (of && !ask.save)) return;
      button.disabled = !(bar.hidden = true);
      serviceWorker.removeEventListener("message", told);
      then?.();
    };
    button.onclick = () => {
      navigator.storage.persist?.();
      button.disabled = !(bar.hidden = false);
      serviceWorker.addEventListener("message", told);
      active.postMessage(ask);
    };
    return make("p", { className: "offline" }, button, " ", bar, " ", status);
  };

  const path = location.href.slice(root.href.length).replace(/[?#].*/, "");
  const kind = document.body.dataset.page;
  if (/^(day|topic|story)$/.test(kind)) {
    const box = doing(kind, { save: path, title: main.querySelector("h1").textContent });
    box.append(" ", make("a", { href: new URL("offline.html", edition), textContent: say("link") }));
    main.querySelector(".page-title").append(box);
    const record = await caches.has(`${own}set ${path}`) && await recordOf(`${own}set ${path}`);
    if (record) box.querySelector("[role]").textContent = say("since", { date: dates.format(record.time) });
  }

  if (place && qingdu.stored) qingdu.stored({ place, root, own, recordOf, say, make, doing, dates });
  else if (navigator.onLine) active.postMessage({ renew: 864e5 });
})();
