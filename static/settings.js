// Runs before anything is painted: the reader's choices become attributes of <html>, which the style sheets follow.
// What is remembered stays in this browser. The site works without all of this.
window.qingdu = (() => {
  // The first value holds until the reader chooses; it needs no attribute.
  const choices = {
    theme: ["system", "light", "sepia", "dark"],
    font: ["standard", "serif", "sans"],
    size: ["4", "1", "2", "3", "5", "6", "7"],
    measure: ["normal", "narrow", "wide"],
    leading: ["normal", "tight", "loose"],
    indent: ["off", "on"],
    images: ["on", "off"],
    keys: ["on", "off"],
    rate: ["1", "0.5", "0.75", "1.25", "1.5", "1.75", "2"],
  };
  const root = document.documentElement;
  // Where the browser keeps nothing (a private window, a full disk), choices hold as long as the page.
  const spare = new Map();

  const load = (name) => {
    try {
      return spare.get(name) ?? localStorage.getItem(`qingdu-${name}`) ?? "";
    } catch {
      return "";
    }
  };

  const save = (name, value) => {
    spare.delete(name);
    try {
      if (value) localStorage.setItem(`qingdu-${name}`, value);
      else localStorage.removeItem(`qingdu-${name}`);
    } catch {
      spare.set(name, value);
    }
  };

  // What was kept may be somebody else's: only an object is taken.
  const loadTable = (name) => {
    try {
      const table = JSON.parse(load(name));
      return table && typeof table === "object" ? table : {};
    } catch {
      return {};
    }
  };

  const settings = () => {
    const kept = loadTable("settings");
    const pick = ([name, values]) => [name, values.includes(kept[name]) ? kept[name] : values[0]];
    return Object.fromEntries(Object.entries(choices).map(pick));
  };

  const apply = () => {
    for (const [name, value] of Object.entries(settings())) {
      if (value === choices[name][0]) root.removeAttribute(`data-${name}`);
      else root.setAttribute(`data-${name}`, value);
    }
    // For scripts, whichever tab the change was made in.
    root.dispatchEvent(new Event("settings"));
  };

  const choose = (name, value) => {
    save("settings", JSON.stringify({ ...loadTable("settings"), [name]: value }));
    apply();
  };

  const reset = () => {
    save("settings", "");
    apply();
  };

  // The style sheet keeps room for the button of these settings, and for that which saves a list where that can be.
  root.setAttribute("data-reader", "");
  root.toggleAttribute("data-keeps", location.protocol.startsWith("http") && "serviceWorker" in navigator);
  apply();
  addEventListener("storage", apply);
  addEventListener("pageshow", (event) => event.persisted && apply());
  return { choices, load, save, loadTable, settings, choose, reset };
})();
