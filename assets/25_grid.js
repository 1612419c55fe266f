/* What AG Grid's cells look like and how a list is read anew. Text is set as text, so nothing in it can become markup. */

window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
window.dashAgGridFunctions = window.dashAgGridFunctions || {};

(function () {
  "use strict";

  const draw = (...given) => window.React.createElement(...given);
  const cells = window.dashAgGridComponentFunctions;
  const acts = window.dashAgGridFunctions;

  /* A grade: [code, word], as shape and word. */
  cells.SmokeGrade = function (params) {
    return params.value ? draw("span", { className: "grade grade--" + params.value[0] }, params.value[1]) : null;
  };

  /* A name that leads to the row's href, where it has one. */
  cells.SmokeName = function (params) {
    const href = params.data && params.data.href;
    return href ? draw("a", { href, className: "grid__name" }, params.value) : params.value;
  };

  /* Short words side by side. */
  cells.SmokeChips = function (params) {
    const words = params.value || [];
    const chips = words.map((word, at) => draw("span", { className: "chip", key: at }, word));
    return draw("span", { className: "chips", title: words.join(" · ") }, chips);
  };

  /* {first, second, href, tone}: one line, and a dim one under it. */
  cells.SmokeTwoLines = function (params) {
    const told = params.value;
    if (!told) return params.colDef.field === "name" ? "…" : null;
    const first = told.href ? draw("a", { href: told.href, tabIndex: -1 }, told.first) : told.first;
    const under = told.second ? draw("span", { className: "lines__second " + (told.tone || "") }, told.second) : null;
    const title = told.second ? told.first + " · " + told.second : told.first;
    return draw("span", { className: "lines", title }, draw("span", { className: "lines__first" }, first), under);
  };

  /* Enter chooses the row under the focus and no other. */
  acts.smokeChoose = function (params) {
    if (params.event && params.event.key === "Enter" && params.node) params.node.setSelected(true, true);
  };

  acts.smokeOpen = function (params) {
    const name = params.data && params.data.name;
    if (name && name.href) window.location.assign(name.href);
  };

  /* A click on a column's head: the order, which bears the column's name, goes into the address for links and Back. */
  acts.smokeSort = function (params) {
    if (params.source !== "uiColumnSorted") return;
    const column = params.api.getColumnState().find((one) => one.sort);
    if (!column) return;
    const asked = new URLSearchParams(window.location.search);
    asked.set("sort", column.colId + (column.sort === "desc" ? ".down" : ".up"));
    window.dash_clientside.set_props("shell--location", { search: "?" + asked });
  };

  /* The mark in the column heads follows the address. */
  function showOrder(api, order) {
    const [colId, sort] = order;
    const now = api.getColumnState().find((one) => one.sort);
    if (now && now.colId === colId && now.sort === sort) return;
    api.applyColumnState({ state: [{ colId, sort }], defaultState: { sort: null } });
  }

  const listed = {}; // by the grid's id

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.smoke = window.dash_clientside.smoke || {};

  /* Another address: from the top, with nothing chosen. Something moved: the same rows again, where they stand. */
  window.dash_clientside.smoke.listAgain = async function (wanted) {
    if (!wanted) return window.dash_clientside.no_update;
    const api = await window.dash_ag_grid.getApiAsync(wanted.grid);
    const before = listed[wanted.grid];
    listed[wanted.grid] = { api, search: wanted.search };
    showOrder(api, wanted.order);
    if (!before || before.api !== api) return wanted; // a new list reads its first rows by itself
    if (before.search === wanted.search) {
      api.refreshInfiniteCache();
    } else {
      api.deselectAll();
      api.ensureIndexVisible(0, "top");
      api.purgeInfiniteCache();
    }
    return wanted;
  };
})();
