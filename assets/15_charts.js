/* Dash asks each chart to follow its box as soon as the box is there, and Plotly warns when the chart is not drawn yet.
   A chart takes its box's size when it is drawn, so the early request is dropped: the console of a wall stays empty. */

(function () {
  "use strict";

  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (library) => {
      const resize = library.Plots.resize;
      library.Plots.resize = (chart) => (chart._fullLayout ? resize(chart) : Promise.resolve(chart));
      plotly = library;
    },
  });
})();
