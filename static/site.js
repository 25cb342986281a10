// Remembers the edition that was chosen, and keeps the paragraph when the edition changes.
// Everything works without it; what is remembered stays in this browser.
(() => {
  const key = "qingdu-edition";
  const links = [...document.querySelectorAll(".editions a")];
  const read = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const keep = (value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // a browser that keeps nothing
    }
  };

  // The first block that shows, unless the reader is still at the top.
  const place = () => {
    if (window.scrollY < 200) return "";
    const blocks = [...document.querySelectorAll(".prose > [id]")];
    return blocks.find((block) => block.getBoundingClientRect().bottom > 0)?.id ?? "";
  };

  for (const link of links) {
    link.addEventListener("click", () => {
      keep(link.hreflang);
      link.hash = place();
    });
  }

  // The front door of the site shows the first edition; who chose another is led there.
  if ("door" in document.body.dataset) {
    const chosen = links.find((link) => link.hreflang === read() && !link.hasAttribute("aria-current"));
    if (chosen) location.replace(chosen.href);
  }
})();
