/* My work by keyboard: j and k (or arrows) choose, Enter opens, s goes to the day until which an item is put off.
   The chosen item is kept with the page's entry in the history, so that Back from a case finds it again. */

(function () {
  "use strict";

  const LOCATION = "shell--location";
  const CHOSEN = "inbox--chosen";
  const PATH = "/inbox";
  const NEXT = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const state = { list: null, key: "", at: 0 };

  const element = (id) => document.getElementById(id);
  const rows = () => [...(element("inbox--list")?.querySelectorAll(".inbox__row") || [])];
  const list = () => element("inbox--list")?.querySelector('[role="listbox"]');
  const isHere = () => window.location.pathname === PATH && Boolean(element("inbox--list"));
  const remembered = () => window.history.state?.inboxItem || "";

  /* Not in the address: dcc.Location would take a changed address back as soon as anything navigates. */
  function remember(key) {
    if (isHere() && remembered() !== key) window.history.replaceState({ ...window.history.state, inboxItem: key }, "");
  }

  /* Choose a row, or nothing; the server is told each time, because what it shows may be old. */
  function choose(row) {
    for (const one of rows()) one.setAttribute("aria-selected", String(one === row));
    state.key = row ? row.dataset.key : "";
    state.at = row ? rows().indexOf(row) : 0;
    if (row) {
      list().setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else list()?.removeAttribute("aria-activedescendant");
    remember(state.key);
    window.dash_clientside.set_props(CHOSEN, { data: { key: state.key } });
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((one) => one.dataset.key === state.key);
    choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  function open(row) {
    if (!row) return;
    const to = new URL(row.dataset.href, window.location.href);
    window.dash_clientside.set_props(LOCATION, { pathname: to.pathname, search: "", hash: to.hash });
  }

  /* A list that was drawn anew: the same item, else the one that has moved to its place. */
  function again() {
    const all = rows();
    if (!isHere() || (!all.length && !element("inbox--list").querySelector(".state--zero"))) return; // being drawn
    const key = state.key || remembered();
    choose(all.find((one) => one.dataset.key === key) || (state.key && all[Math.min(state.at, all.length - 1)]) || null);
  }

  function watch() {
    const found = element("inbox--list");
    if (found === state.list) return;
    state.list = found;
    if (!found) return;
    state.key = "";
    new MutationObserver(again).observe(found, { childList: true });
    if (rows().length) again();
  }

  function onKey(event) {
    if (!isHere() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const day = element("inbox--until");
    if (event.target === day && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      if (event.key === "Enter") element("inbox--snooze").click();
      list()?.focus();
      return;
    }
    if (event.target.closest?.("input, textarea, select, [contenteditable='true']")) return;
    if (event.key in NEXT) {
      event.preventDefault();
      step(NEXT[event.key]);
    } else if (event.key === "Enter" && (event.target === document.body || event.target === list())) {
      open(rows().find((one) => one.dataset.key === state.key));
    } else if (event.key === "s" && state.key) {
      event.preventDefault();
      day.focus();
    }
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(".inbox__row");
    if (row) choose(row);
  });
  document.addEventListener("dblclick", (event) => open(event.target.closest?.(".inbox__row")));
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });
})();
