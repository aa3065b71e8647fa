/* The tools. A new one is one more entry: key, label and icon for its button, then handlers.
   click(editor, unit, event) is a press without a drag, which leaves dragging to the map.
   begin/move/end(editor, points) take the drag for themselves; cancel is for Escape.
   shape(event) may hand the drag to other handlers, by the keys that are held. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});

  const SIZES = [6, 10, 16, 24, 36, 54, 80]; // brush radius in pixels

  const GROUP_STEP = 3;

  /** Units under the brush's circle. */
  function circle(editor, { x, y }) {
    const [gx, gy] = editor.renderer.gridOf(window.L.point(x, y));
    return editor.region.circle(gx, gy, SIZES[editor.size] / editor.renderer.k);
  }

  /** A drag that gives every unit of stamp(editor, point) along it to target(editor). */
  function painting(kind, target, stamp = circle, step = (editor) => SIZES[editor.size] * 0.7) {
    return {
      paints: true,
      begin(editor, point) {
        editor.begin(kind, target(editor));
        this.last = point;
        editor.preview(stamp(editor, point));
      },
      move(editor, points) {
        const touched = new Set();
        for (const point of points) {
          const way = Math.hypot(point.x - this.last.x, point.y - this.last.y);
          const steps = Math.max(1, Math.ceil(way / step(editor)));
          for (let j = 1; j <= steps; j++) {
            const x = this.last.x + ((point.x - this.last.x) * j) / steps;
            const y = this.last.y + ((point.y - this.last.y) * j) / steps;
            for (const unit of stamp(editor, { x, y })) touched.add(unit);
          }
          this.last = point;
        }
        editor.preview([...touched]);
      },
      end(editor) {
        editor.commit();
      },
      cancel(editor) {
        editor.cancel();
      },
    };
  }

  /** Box with Shift, free shape with Ctrl or ⌘: a drag without them moves the map. */
  function picking(event) {
    if (event.shiftKey) return TW.boxPick;
    return event.ctrlKey || event.metaKey ? TW.lassoPick : null;
  }

  const TOOLS = [
    {
      id: "inspect",
      key: "v",
      label: "Select and inspect",
      icon: "M5 3l14 7-6 2-2 6z",
      shape: picking,
      click(editor, unit, event) {
        editor.select(unit, event.shiftKey);
      },
    },
    {
      id: "assign",
      key: "c",
      label: "Assign by click",
      icon: "M12 21c-4-5-6-8-6-11a6 6 0 0112 0c0 3-2 6-6 11zM12 7v6M9 10h6",
      click(editor, unit) {
        if (unit >= 0) editor.give("click", [unit], editor.sync.active);
      },
    },
    {
      id: "brush",
      key: "b",
      label: "Brush",
      icon: "M4 20c3 0 5-1 5-4l3 3c0 1-3 3-8 1zM9.500 15L19 4.500l1 1L12 18",
      ...painting("brush", (editor) => editor.sync.active),
    },
    {
      id: "lasso",
      key: "l",
      label: "Lasso, with Shift a box",
      icon: "M12 4c5 0 9 2 9 5.500S17 15 12 15 3 13 3 9.500 7 4 12 4zM6 14c-2 1-2 4 0 4s2 2 1 3",
      ...TW.lassoGive,
      shape: (event) => (event.shiftKey ? TW.boxGive : TW.lassoGive),
    },
    {
      id: "group",
      key: "g",
      label: "Whole county, city …: click or paint",
      icon: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
      near: (editor, unit) => editor.groups.members(unit),
      ...painting(
        "group",
        (editor) => editor.sync.active,
        (editor, point) => editor.groups.members(editor.unitAt(point)),
        () => GROUP_STEP
      ),
      paints: false,
    },
    {
      id: "drag",
      key: "d",
      label: "Drag onto a territory",
      icon: "M12 3v18M3 12h18M12 3L9.500 5.500M12 3l2.500 2.500M12 21l-2.500-2.500M12 21l2.500-2.500M3 12l2.500-2.500M3 12l2.500 2.500M21 12l-2.500-2.500M21 12l-2.500 2.500",
      ...TW.dragging,
      shape: () => TW.dragging,
    },
    {
      id: "erase",
      key: "e",
      label: "Eraser: to unassigned",
      icon: "M9 20h11M4 15l9-10 6 5-8 10H8z",
      ...painting("erase", () => -1),
    },
  ];

  Object.assign(TW, { TOOLS, BRUSH_SIZES: SIZES });
})();
