/* The search of the header as a combobox: "/" goes there, arrows choose, Enter opens, Escape closes.
   The server renders the options; this file only moves among them. Nothing typed is kept or put into an address. */

(function () {
  "use strict";

  const LOCATION = "shell--location";

  const box = () => document.getElementById("shell--search");
  const list = () => document.getElementById("shell--found");
  const field = () => (box() instanceof HTMLInputElement ? box() : box()?.querySelector("input"));
  const options = () => [...(list()?.querySelectorAll('[role="option"]') || [])];
  const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");

  function dress() {
    const input = field();
    if (!input || input.getAttribute("role") === "combobox") return;
    const given = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false" };
    for (const [name, value] of Object.entries({ ...given, "aria-controls": "shell--found" })) input.setAttribute(name, value);
    input.setAttribute("aria-label", list().dataset.name);
    new MutationObserver(() => show(document.activeElement === input)).observe(list(), { childList: true, subtree: true });
  }

  function show(open) {
    const input = field();
    const any = Boolean(list()?.childElementCount);
    list()?.toggleAttribute("data-open", open && any);
    input?.setAttribute("aria-expanded", String(open && any && options().length > 0));
    if (open && any) choose(chosen() || options()[0]);
    else input?.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    for (const one of options()) {
      const selected = String(one === option);
      if (one.getAttribute("aria-selected") !== selected) one.setAttribute("aria-selected", selected);
    }
    if (!option) return;
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    choose(all[(at + by + all.length) % all.length]);
  }

  function open(option, apart) {
    if (!option) return;
    const to = new URL(option.dataset.href, window.location.href);
    if (apart) {
      window.open(to.href, "_blank", "noopener");
      return;
    }
    window.dash_clientside.set_props(LOCATION, { pathname: to.pathname, search: to.search, hash: "" });
    show(false);
    field().blur();
  }

  function onKey(event) {
    const input = field();
    if (!input) return;
    if (event.target !== input) {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable='true']");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
        input.select();
      }
      return;
    }
    if (event.isComposing) return; // the keys belong to the input method
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list().hasAttribute("data-open")) step(event.key === "ArrowDown" ? 1 : -1);
      else show(true);
    } else if (event.key === "Escape") {
      if (list().hasAttribute("data-open")) {
        event.preventDefault(); // the text stays: only the list closes
        show(false);
      }
    } else if (event.key === "Enter" && list().hasAttribute("data-open")) {
      const answered = list().querySelector("[data-asked]")?.dataset.asked === input.value;
      if (answered) open(chosen(), event.ctrlKey || event.metaKey);
    }
  }

  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusin", (event) => {
    dress();
    if (event.target === field()) show(true);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field()) show(false);
  });
  document.addEventListener("mousedown", (event) => {
    const inside = event.target.closest?.("#shell--found");
    if (inside) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.('#shell--found [role="option"]');
    if (option) open(option, event.ctrlKey || event.metaKey);
  });
  const waiting = new MutationObserver(() => {
    if (!field()) return;
    dress();
    waiting.disconnect();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
