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
      original(height);
      map.invalidateSize({ pan: false, debounceMoveend: true });
    };
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
})();
