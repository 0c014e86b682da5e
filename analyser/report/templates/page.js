(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const live = document.getElementById("live");
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const tiles = all("[data-filter]");
  const views = all(".tabs [data-view]");
  const runs = all("[data-refs]");
  const itemByRef = new Map(all(".item[data-ref]").map((item) => [item.dataset.ref, item]));
  const refsOf = (run) => run.dataset.refs.split(" ");
  const stops = new Set(runs.filter((run) => run.matches(".hl:not([tabindex])")));
  let origin = null;
  root.classList.add("js");

  /* One of the two columns at a time where there is room for one only. */
  function show(view) {
    body.dataset.view = view;
    views.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === view)));
  }
  views.forEach((button) => button.addEventListener("click", () => { show(button.dataset.view); window.scrollTo(0, 0); }));
  show("feedback");

  /* Filter by part. */
  function filter(part) {
    tiles.forEach((tile) => tile.setAttribute("aria-pressed", String(tile.dataset.filter === part)));
    all(".part, .said").forEach((one) => { one.hidden = Boolean(part) && one.dataset.part !== part; });
    all("[data-group], .steps details").forEach((group) => { group.hidden = !group.querySelector(".said:not([hidden])"); });
    runs.filter((run) => run.matches(".hl")).forEach((run) => {
      /* Where marks overlap, the innermost one that is left gives the run its look. */
      const item = refsOf(run).map((ref) => itemByRef.get(ref)).find((one) => one && (!part || one.dataset.part === part));
      run.classList.toggle("is-off", !item);
      if (item) {
        run.dataset.part = item.dataset.part;
        run.dataset.state = item.dataset.state;
        run.removeAttribute("aria-disabled");
        if (stops.has(run)) run.removeAttribute("tabindex");
      } else {
        run.tabIndex = -1;
        run.setAttribute("aria-disabled", "true");
      }
      all(".num", run).forEach((number) => { number.hidden = Boolean(part) && number.dataset.part !== part; });
    });
    const tile = tiles.find((one) => one.dataset.filter === part);
    live.textContent = part ? `Showing ${tile.querySelector(".name").textContent} only.` : "Showing everything.";
  }
  tiles.forEach((tile) => tile.addEventListener("click", () => {
    const isOn = tile.getAttribute("aria-pressed") === "true";
    filter(isOn ? "" : tile.dataset.filter);
  }));

  /* From the draft to the feedback and back. */
  function mark(ref) {
    all(".is-current").forEach((one) => one.classList.remove("is-current"));
    runs.filter((run) => refsOf(run).includes(ref)).forEach((run) => run.classList.add("is-current"));
    itemByRef.get(ref)?.classList.add("is-current");
  }
  function reveal(target) {
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "center" });
  }
  function toFeedback(run) {
    /* Words that belong to several items lead to the next one at each visit. */
    const items = refsOf(run).map((ref) => itemByRef.get(ref)).filter((item) => item && !item.closest("[hidden]"));
    if (!items.length) return;
    const current = items.findIndex((item) => item.classList.contains("is-current"));
    const item = items[(current + 1) % items.length];
    origin = run;
    show("feedback");
    mark(item.dataset.ref);
    reveal(item);
  }
  function toDraft(link) {
    const anchor = document.getElementById(link.getAttribute("href").slice(1));
    const run = anchor && anchor.parentElement.querySelector(`#${anchor.id} ~ [data-refs]`);
    if (!run) return;
    origin = link;
    show("draft");
    mark(link.dataset.ref);
    reveal(run);
  }
  document.addEventListener("click", (event) => {
    const run = event.target.closest(".hl");
    const link = event.target.closest('a[href^="#text-"]');
    if (!run && !link) return;
    event.preventDefault();
    if (link) toDraft(link); else if (!run.classList.contains("is-off")) toFeedback(run);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all(".is-current").forEach((one) => one.classList.remove("is-current"));
    if (origin) {
      show(origin.closest(".draft") ? "draft" : "feedback");
      reveal(origin);
      origin = null;
    }
  });

  /* A closed list would not be printed. */
  const closed = new Set();
  window.addEventListener("beforeprint", () => all("details:not([open])").forEach((one) => { closed.add(one); one.open = true; }));
  window.addEventListener("afterprint", () => { closed.forEach((one) => { one.open = false; }); closed.clear(); });
})();
