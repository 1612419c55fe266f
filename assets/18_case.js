/* The case page: a digit goes to a section; what is typed into a form is kept on the server, and put back when the page
   opens again. One request is under way at a time, so that keeping and dropping a draft never overtake each other. */

window.dash_clientside = window.dash_clientside || {};

(function () {
  "use strict";

  const PAUSE = 1500; // milliseconds without a change before a form is kept
  const SETTLING = 4000; // for so long other parts may still fill a restored form, and the draft is put over it again
  const PATIENCE = 8000; // after which a request without an answer is sent again
  const MARK = "case--draft-";
  const KEEP = "case--drafts-keep";

  const forms = new Map(); // form → what is known of it while its layout stands
  const waiting = new Map(); // form and case → what to keep next
  let under = null; // the request under way
  let turn = 0;
  let fieldsOf = {};
  let found = null;

  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const here = () => (window.location.pathname.match(/^\/case\/([0-9-]+)$/) || [])[1];
  const empty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  const plain = (values) => JSON.stringify(Object.entries(values).map(([name, value]) => [name, empty(value) ? "" : value]));
  const blank = (values) => Object.values(values).every(empty);

  /* Keeping */

  function send() {
    if (under || !waiting.size) return;
    const [key, what] = waiting.entries().next().value;
    waiting.delete(key);
    turn += 1;
    under = { key, what, turn, tries: (what.tries || 0) + 1 };
    under.late = window.setTimeout(() => {
      const { what: lost, key: name, tries } = under;
      under = null;
      if (!waiting.has(name) && tries < 5) waiting.set(name, { ...lost, tries });
      send();
    }, PATIENCE);
    const { number, form, held } = what;
    set(KEEP, { data: { number, form, held, turn } });
  }

  function post(number, form, held) {
    waiting.set(`${number} ${form}`, { number, form, held });
    send();
  }

  function flush(state) {
    window.clearTimeout(state.timer);
    state.timer = null;
    if (!state.pending) return;
    post(state.number, state.form, state.pending);
    state.kept = plain(state.pending);
    state.pending = null;
  }

  function forget(state) {
    window.clearTimeout(state.timer);
    if (state.kept !== null) post(state.number, state.form, null);
    Object.assign(state, { timer: null, pending: null, kept: null, touched: false, restoring: null });
  }

  /* Restoring */

  function put(form, held) {
    for (const [name, id] of Object.entries(fieldsOf[form] || {})) if (name in held) set(id, { value: held[name] });
  }

  function restore(state) {
    const draft = found && found.number === state.number ? found.forms[state.form] : null;
    if (!draft || state.touched) return;
    delete found.forms[state.form];
    Object.assign(state, { kept: plain(draft.held), touched: true });
    state.restoring = { held: draft.held, until: Date.now() + SETTLING, tries: 5 };
    const fold = holder(state.form);
    if (fold && fold.closest("details")) fold.closest("details").open = true;
    set(`${MARK}${state.form}-told`, { children: draft.told });
    set(`${MARK}${state.form}`, { hidden: false });
    put(state.form, draft.held);
  }

  function settles(state, values) {
    const at = state.restoring;
    if (!at || Date.now() > at.until) return false;
    const apart = Object.keys(at.held).some((name) => plain({ x: at.held[name] }) !== plain({ x: values[name] }));
    if (apart && at.tries > 0) {
      at.tries -= 1;
      put(state.form, at.held);
    }
    return true;
  }

  /* Watching */

  function holder(form) {
    const field = Object.values(fieldsOf[form] || {}).map((id) => document.getElementById(id)).find(Boolean);
    return field && (field.closest("details, .form") || field.parentElement);
  }

  function touched(event) {
    if (!(event.target instanceof Element) || event.target.closest("summary, .case-draft")) return;
    for (const state of forms.values()) {
      const fold = holder(state.form);
      if (fold && fold.contains(event.target)) Object.assign(state, { touched: true, restoring: null });
    }
  }

  function draft_typed(...given) {
    const context = window.dash_clientside.callback_context;
    const form = context.outputs_list.id.slice(MARK.length);
    fieldsOf = given.at(-1) || fieldsOf;
    const names = Object.keys(fieldsOf[form]);
    const values = Object.fromEntries(names.map((name, place) => [name, given[place]]));
    let state = forms.get(form);
    if (!state || !context.triggered.length || state.number !== here()) {
      if (state) flush(state);
      state = { form, number: here(), base: values, kept: null, pending: null, timer: null, touched: false, restoring: null };
      forms.set(form, state);
      window.setTimeout(() => restore(state), 0);
      return true;
    }
    if (context.triggered.some((one) => one.prop_id.endsWith("-discard.n_clicks") && one.value)) {
      forget(state);
      put(form, state.base);
      return true;
    }
    if (settles(state, values)) return window.dash_clientside.no_update;
    if (!state.touched) {
      state.base = values;
      return window.dash_clientside.no_update;
    }
    if (blank(values) || plain(values) === plain(state.base)) {
      forget(state);
      return true;
    }
    window.clearTimeout(state.timer);
    if (plain(values) === state.kept) return window.dash_clientside.no_update;
    state.pending = values;
    state.timer = window.setTimeout(() => flush(state), PAUSE);
    return window.dash_clientside.no_update;
  }

  function draft_found(given) {
    found = given ? { number: given.number, forms: { ...given.forms } } : null;
    for (const state of forms.values()) restore(state);
    return window.dash_clientside.no_update;
  }

  function draft_answered(given) {
    if (under && given && given.turn === under.turn) {
      window.clearTimeout(under.late);
      under = null;
      send();
    }
    return window.dash_clientside.no_update;
  }

  window.dash_clientside.smoke = Object.assign({}, window.dash_clientside.smoke, {
    draft_typed, draft_found, draft_answered,
  });

  const flushAll = () => forms.forEach(flush);
  for (const name of ["input", "change", "click", "keydown"]) document.addEventListener(name, touched, true);
  document.addEventListener("focusout", () => window.setTimeout(flushAll, 0), true);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flushAll());
  window.addEventListener("pagehide", flushAll);

  /* Sections */

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], [role=listbox]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !here()) return;
    const link = document.querySelector(`#case--jumps a[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (!link) return;
    event.preventDefault();
    go(link);
  });

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('.case a[href^="#case--"]');
    if (!link) return;
    event.preventDefault(); // the address keeps its path: a fragment would be another place for Back
    go(link);
  });

  function go(link) {
    const section = document.getElementById(link.hash.slice(1));
    if (!section) return;
    bring(section);
    section.focus({ preventScroll: true });
  }

  /* What to do scrolls by itself where it stands beside the rest; a form that is closed opens. */
  function bring(section) {
    if (section.matches("details:not([hidden])")) section.open = true;
    const at = section.matches(".case__area") ? section : section.closest(".panel") || section;
    at.scrollIntoView({ block: at.closest(".case__area--act") ? "nearest" : "start" });
  }

  /* An address that names a section (from the inbox): its panel stays in sight until everything above it is drawn. */
  let arrived = "";
  let until = 0;

  function arrive() {
    const name = here() && window.location.hash.startsWith("#case--") ? window.location.hash.slice(1) : "";
    const section = name && document.getElementById(name);
    const at = name ? window.location.pathname + window.location.hash : "";
    if (!at) arrived = "";
    if (!section) return;
    if (arrived !== at) {
      arrived = at;
      until = Date.now() + SETTLING;
    }
    if (Date.now() < until) bring(section);
  }

  for (const name of ["wheel", "keydown", "pointerdown"]) document.addEventListener(name, () => { until = 0; }, true);
  new MutationObserver(arrive).observe(document.documentElement, { childList: true, subtree: true });
})();
