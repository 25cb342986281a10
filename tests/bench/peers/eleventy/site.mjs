// What Eleventy is told: posts are HTML as they are, and every list is a page of a collection.
import { readFileSync } from "node:fs";

const plan = JSON.parse(readFileSync("input/_data/plan.json", "utf-8"));

// Groups in the order in which they are met; a post may be in several.
function grouped(posts, keys) {
  const groups = new Map();
  for (const post of posts)
    for (const key of keys(post)) groups.has(key) ? groups.get(key).push(post) : groups.set(key, [post]);
  return [...groups];
}

const slug = (name) => encodeURIComponent(name.toLowerCase().replace(/[\s/]+/g, "-"));
const day = (post) => post.data.published.slice(0, 10) || "undated";
const month = (post) => post.data.published.slice(0, 7) || "undated";
const byDay = (posts) => grouped(posts, (post) => [day(post)]);

// A long list in pages of as many posts as wanted.
function paged(edition, kind, key, title, posts) {
  const pages = [];
  for (let start = 0; start < posts.length; start += plan.pageSize) {
    const number = pages.length ? `-${pages.length + 1}` : "";
    const path = `${edition.slug}/${kind}/${key}${number}.html`;
    pages.push({ edition: edition.slug, title, path, count: posts.length, days: byDay(posts.slice(start, start + plan.pageSize)) });
  }
  pages.forEach((page, index) => Object.assign(page, { newer: pages[index - 1]?.path, older: pages[index + 1]?.path }));
  return pages;
}

export default function (eleventy) {
  let editions;

  // What is known of each edition, worked out once a build.
  function known(api) {
    const all = api.getFilteredByTag("post").sort((a, b) => (a.data.published < b.data.published ? 1 : -1));
    return plan.editions.map((edition) => {
      const posts = all.filter((post) => post.data.edition === edition.slug);
      const topics = grouped(posts, (post) => [post.data.topic]);
      for (const [, group] of topics)
        group.forEach((post, index) => Object.assign(post.data, { newer: group[index - 1], older: group[index + 1] }));
      return {
        edition, posts, topics, days: byDay(posts), months: grouped(posts, (post) => [month(post)]),
        publishers: grouped(posts, (post) => [post.data.publisher]), named: grouped(posts, (post) => post.data.named),
      };
    });
  }

  eleventy.on("eleventy.before", () => { editions = undefined; });
  const once = (api) => (editions ??= known(api));
  const add = (name, make) => eleventy.addCollection(name, (api) => once(api).flatMap(make));

  add("editions", (one) => [{ ...one, path: `${one.edition.slug}/index.html`, recent: one.days.slice(0, 4) }]);
  add("lists", ({ edition, topics, publishers, named }) => [
    ...topics.flatMap(([key, group]) => paged(edition, "topics", key, edition.topics[key], group)),
    ...publishers.flatMap(([name, group]) => paged(edition, "publishers", slug(name), name, group)),
    ...named.flatMap(([name, group]) => paged(edition, "tags", slug(name), name, group)),
  ]);
  add("dates", ({ edition, days, months }) => [
    ...days.map(([key, group]) => ({ edition, title: key, path: `${edition.slug}/days/${key}.html`, count: group.length,
      topics: grouped(group, (post) => [post.data.topic]) })),
    ...months.map(([key, group]) => ({ edition, title: key, path: `${edition.slug}/months/${key}.html`, count: group.length, days: byDay(group) })),
  ]);
  add("indexes", ({ edition, publishers, named, months }) =>
    [["publishers", publishers, "publishers"], ["tags", named, "tags"], ["archive", months, "months"]].map(([kind, groups, folder]) => ({
      edition, title: edition.words[kind], path: `${edition.slug}/${kind}.html`,
      rows: groups.map(([name, group]) => ({ name, path: `${edition.slug}/${folder}/${slug(name)}.html`, count: group.length })),
    })));
  add("told", ({ edition, posts, topics }) => [
    { edition, title: edition.title, path: `${edition.slug}/feeds/all.xml`, posts: posts.slice(0, plan.feed) },
    ...topics.map(([key, group]) => ({ edition, title: edition.topics[key], path: `${edition.slug}/feeds/${key}.xml`, posts: group.slice(0, plan.feed) })),
  ]);

  eleventy.addFilter("slug", slug);
  eleventy.addFilter("day", day);
  eleventy.addFilter("inEdition", (path, edition) => path.replace(/^\/?[^/]+/, edition));
  eleventy.addFilter("of", (slug) => plan.editions.find((edition) => edition.slug === slug));
  eleventy.addFilter("json", (value) => JSON.stringify(value).replaceAll("<", "\\u003c"));
  eleventy.addPassthroughCopy({ static: "static" });
  return {
    dir: { input: "input", includes: "../layouts", output: "public" },
    htmlTemplateEngine: false,
    templateFormats: ["html", "njk"],
  };
}
