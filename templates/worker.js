{#- The service worker of the site; where the site wants none, it takes itself and what it kept away. -#}
const ROOT = new URL(registration.scope);
// Names of caches begin so: two sites on one host never touch each other's.
const OWN = `qingdu ${ROOT.pathname} `;
const ours = async () => (await caches.keys()).filter((name) => name.startsWith(OWN));
addEventListener("install", () => skipWaiting());
{% if site.offline %}
// Words: {{ stamp }}
const EDITIONS = {{ slugs | tojson }};
const SHELL = [
{% for name in shell %}
  "{{ asset(name) }}",
{% endfor %}
  ...EDITIONS.flatMap((slug) => [`${slug}/panel.js?v={{ asset("reader.js").rpartition("=")[2] }}`, `${slug}/offline.html`]),
];
importScripts("{{ asset("worker.js") }}");
{% else %}
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await ours()) await caches.delete(name);
  await registration.unregister();
})()));
{% endif %}
