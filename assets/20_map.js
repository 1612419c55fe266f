/* Map styling: geometry is fetched once, a refresh carries values only (the layer's hideout). */

window.smoke = window.smoke || {};

window.smoke.map = (function () {
  "use strict";

  /* Tokens are read once per theme: asking the browser for each of 2 891 areas would make it lay out the page each time. */
  const tokens = new Map();
  window.matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => tokens.clear());

  function css(name) {
    const key = document.documentElement.className + name;
    if (!tokens.has(key)) tokens.set(key, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    return tokens.get(key);
  }

  function step(value, breaks) {
    let at = 0;
    while (at < breaks.length && value >= breaks[at]) at += 1;
    return at;
  }

  /* An area's look. hideout: {values: {code: [value, numerator, denominator]}, breaks, colours, quiet, selected}. */
  function area(feature, context) {
    const given = context.hideout || {};
    const known = (given.values || {})[feature.properties.c];
    const colour = !known ? css("--land") : known[0] === null ? css("--few") : given.colours[step(known[0], given.breaks)];
    const border = known ? css("--ground") : css("--rule");
    const chosen = given.selected && given.selected === feature.properties.c;
    return {
      fillColor: colour,
      fillOpacity: given.selected && !chosen ? 0.35 : 1,
      color: chosen ? css("--ink") : border,
      weight: chosen ? 1.5 : given.thin ? 0.4 : 0.8,
      opacity: 1,
    };
  }

  function outline() {
    return { color: css("--faint"), weight: 1, opacity: 0.9, fill: false, interactive: false };
  }

  /* A dot on the map: an enterprise, coloured by its grade. */
  function dot(feature, latlng) {
    const grade = feature.properties.grade;
    return window.L.circleMarker(latlng, {
      pane: "points", // areas are drawn anew with each refresh and would cover what lies in their pane
      radius: { red: 8, orange: 7, yellow: 6, blue: 4 }[grade],
      color: css("--ground"),
      weight: 1,
      fillColor: css("--" + grade),
      fillOpacity: grade === "blue" ? 0.45 : 0.95,
    });
  }

  function text(value) {
    const span = document.createElement("span");
    span.textContent = value;
    return span.innerHTML;
  }

  function fit(map, view) {
    map.invalidateSize({ animate: false });
    const head = map.getContainer().parentElement.querySelector(".overview__map-head");
    const room = head && !map._smokeNational ? head.offsetHeight : 0; // the nation leaves that corner free by itself
    map.fitBounds(view, { animate: false, paddingTopLeft: [4, 4 + room], paddingBottomRight: [4, 4 + room / 2] });
  }

  /* Fits the map to the view that its layer asks for, now and whenever its box changes size. */
  function keepFitted(map, view, given) {
    map._smokeNational = given.national;
    const key = JSON.stringify(view);
    if (map._smokeView === key) return;
    map._smokeView = key;
    requestAnimationFrame(() => fit(map, view));
    if (map._smokeWatch) return;
    map._smokeWatch = new ResizeObserver(() => fit(map, JSON.parse(map._smokeView)));
    map._smokeWatch.observe(map.getContainer());
    map.on("unload", () => map._smokeWatch.disconnect());
  }

  /* Names an area and says its value with numerator and denominator when the pointer rests on it. */
  function each(feature, layer, context) {
    const given = context.hideout || {};
    if (given.view && !given.selected) keepFitted(context.map, given.view, given);
    if (given.selected && given.selected === feature.properties.c) {
      const box = layer.getBounds();
      requestAnimationFrame(() => layer.bringToFront());
      keepFitted(context.map, [[box.getSouth(), box.getWest()], [box.getNorth(), box.getEast()]], given);
    }
    if (feature.properties.n === undefined || given.silent) return;
    layer.bindTooltip(() => tip(feature, given), { sticky: true, className: "map__tip", opacity: 1 });
  }

  function tip(feature, given) {
    const properties = feature.properties;
    const lines = ["<b>" + text((given.names || {})[properties.c] || properties.n) + "</b>"];
    if (properties.lines) lines.push(...properties.lines.map(text));
    const known = (given.values || {})[properties.c];
    if (known && known[0] === null) {
      lines.push(text(given.few));
    } else if (known && given.tip) {
      lines.push(text(given.tip.replace("{value}", known[3]).replace("{part}", known[1]).replace("{whole}", known[2])));
    } else if (given.tip) {
      lines.push(text(given.nothing));
    }
    return lines.join("<br>");
  }

  return { area, outline, dot, each };
})();
