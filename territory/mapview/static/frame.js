/* The component's frame in Streamlit's page. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const FEWEST_PX = 260;
  const MARGIN_PX = 12;

  /** Make the frame as high as what is left of the page below its top; nothing scrolls then. */
  TW.fillViewport = function (map, streamlit) {
    const frame = window.frameElement;
    if (!frame) return;
    const page = window.parent;
    const original = streamlit.setFrameHeight.bind(streamlit);
    let height = 0;
    const room = () => {
      const free = page.innerHeight - frame.getBoundingClientRect().top - MARGIN_PX;
      return Math.max(FEWEST_PX, Math.floor(free));
    };
    const resize = () => {
      height = room();
      frame.style.height = height + "px";
      // What stands beside the map may be as high: var(--map-height) in the page's own style.
      page.document.documentElement.style.setProperty("--map-height", height + "px");
      original(height);
    };
    // Leaflet keeps the size it saw last; only the container knows when a new one has arrived.
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    // streamlit-folium sets its own height after every patch.
    streamlit.setFrameHeight = () => original(height || undefined);
    page.addEventListener("resize", resize);
    const watch = new page.ResizeObserver(() => {
      if (Math.abs(room() - height) > 1) resize();
    });
    watch.observe(frame.closest("[data-testid=stMainBlockContainer]") || page.document.body);
    window.addEventListener("pagehide", () => {
      page.removeEventListener("resize", resize);
      watch.disconnect();
    });
    resize();
  };

  /** Streamlit's own fonts, which a component's frame does not get. */
  TW.borrowFonts = async function () {
    if (window.parent === window) return;
    const page = window.parent.document;
    const faces = [];
    for (const sheet of page.styleSheets) {
      let rules = [];
      try {
        rules = sheet.cssRules;
      } catch (foreign) {
        continue; // a style sheet of another host tells nobody its rules
      }
      for (const rule of rules)
        if (rule instanceof window.parent.CSSFontFaceRule)
          faces.push(rule.cssText.replace(/url\("([^"]+)"\)/g, (_, address) => {
            return `url("${new URL(address, sheet.href || page.baseURI).href}")`;
          }));
    }
    const style = document.createElement("style");
    style.textContent = faces.filter((face) => /Source Sans/.test(face)).join("\n");
    document.head.append(style);
    await Promise.all(['600 13px "Source Sans"', '13px "Source Sans"'].map((font) =>
      document.fonts.load(font)
    ));
  };
})();
