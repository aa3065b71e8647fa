/* Colours of the drawing in light and dark, and how numbers are written. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});

  const THEMES = {
    light: {
      fill: 0.62,
      neutral: "#d3d7dd",
      neutralLine: "#9aa3af",
      unitLine: "rgba(255,255,255,.75)",
      groupLine: "rgba(40,50,65,.28)",
      territoryLine: "rgba(31,41,55,.85)",
      activeLine: "#111827",
      outerLine: "rgba(31,41,55,.55)",
      label: "#111827",
      halo: "rgba(255,255,255,.92)",
      hatch: "rgba(17,24,39,.34)",
      hover: "#111827",
      selection: "#0b57d0",
      selectionFill: "rgba(11,87,208,.16)",
      found: "#b3261e",
      foundFill: "rgba(179,38,30,.14)",
      dot: "#1f2937",
      dotLine: "#ffffff",
      scale: 0.88,
      sequence: ["#fbf8cf", "#cdeac0", "#86cdbb", "#45a5bd", "#2b74a9", "#223a84"],
      diverging: ["#1f5f9f", "#5b9bd0", "#b0d0ea", "#e9e9e6", "#f6cda3", "#e0883a", "#a34a00"],
    },
    dark: {
      fill: 0.58,
      neutral: "#3a414c",
      neutralLine: "#6b7480",
      unitLine: "rgba(8,10,14,.55)",
      groupLine: "rgba(226,232,240,.22)",
      territoryLine: "rgba(226,232,240,.85)",
      activeLine: "#ffffff",
      outerLine: "rgba(226,232,240,.5)",
      label: "#f8fafc",
      halo: "rgba(10,13,18,.88)",
      hatch: "rgba(226,232,240,.36)",
      hover: "#ffffff",
      selection: "#8ab4f8",
      selectionFill: "rgba(138,180,248,.22)",
      found: "#ffb4a9",
      foundFill: "rgba(255,180,169,.2)",
      dot: "#f8fafc",
      dotLine: "#10151c",
      scale: 0.9,
      sequence: ["#232c52", "#29507f", "#2c7d96", "#4cab98", "#9bd088", "#f0efab"],
      diverging: ["#7cc0f5", "#4488c4", "#2f5578", "#454d58", "#74502e", "#c07330", "#f9ab64"],
    },
  };

  /** The app's theme, from the background that Streamlit gives the frame. */
  function currentTheme() {
    const probe = document.createElement("i");
    probe.style.color = getComputedStyle(document.documentElement).getPropertyValue(
      "--background-color"
    );
    document.body.appendChild(probe);
    const [r, g, b] = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(
      Number
    );
    probe.remove();
    return 0.299 * r + 0.587 * g + 0.114 * b < 128 && probe.style.color ? "dark" : "light";
  }

  const THREE = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
  const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

  function short(value) {
    for (const [size, letter] of [
      [1e9, " B"],
      [1e6, " M"],
      [1e4, " k"],
    ])
      if (Math.abs(value) >= size)
        return THREE.format(letter === " k" ? value / 1e3 : value / size) + letter;
    return Math.abs(value) >= 1000 ? WHOLE.format(value) : THREE.format(value);
  }

  /** A number with its unit: $4.2 M, 318 h, 1,846. */
  function formatValue(value, measure, currency) {
    if (!Number.isFinite(value)) return "–";
    if (measure.format === "money") return currency + short(value);
    if (measure.format === "count") return WHOLE.format(value);
    return short(value) + (measure.unit ? " " + measure.unit : "");
  }

  Object.assign(TW, { THEMES, currentTheme, formatValue, formatCount: (v) => WHOLE.format(v) });
})();
