// What is typed into the box of a page goes to the search page behind a `#`, which no server gets to see.
document.querySelector("form.find")?.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`${event.target.action}#${new URLSearchParams(new FormData(event.target))}`);
});
