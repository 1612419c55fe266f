/* dash-cytoscape always passes Cytoscape's own default of the wheel's sensitivity, and Cytoscape warns that it was passed.
   A console that complains of nothing is one in which complaints are read: exactly this line is left out. */

(function () {
  "use strict";

  const warn = console.warn.bind(console);
  console.warn = (...said) => {
    if (!String(said[0]).startsWith("You have set a custom wheel sensitivity.")) warn(...said);
  };
})();
