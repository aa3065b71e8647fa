/* Lasso and box: shapes drawn with the pointer, and the tool that drags units. A shape takes the
   units whose representative point it holds. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const CLICK_PX = 4;
  const STEP_PX = 3;

  /** Which side of the line a → b a point is on. */
  const side = (a, b, x, y) => (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);

  /** A free shape. Each new corner adds the triangle (first, last, new); what lies in an odd
      number of triangles lies inside, so a frame costs no more than its own triangle. */
  class Lasso {
    constructor(region, start) {
      Object.assign(this, { region, outline: [start], held: new Set() });
    }

    add(corner) {
      const { outline, region, held } = this;
      const a = outline[0];
      const b = outline[outline.length - 1];
      outline.push(corner);
      const xs = [a[0], b[0], corner[0]];
      const ys = [a[1], b[1], corner[1]];
      const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      for (const i of region.within(...box)) {
        const [x, y] = [region.inside[2 * i], region.inside[2 * i + 1]];
        const first = side(a, b, x, y) > 0;
        if (first !== side(b, corner, x, y) > 0 || first !== side(corner, a, x, y) > 0) continue;
        if (!held.delete(i)) held.add(i);
      }
    }
  }

  /** A rectangle between where the pointer went down and where it is. */
  class Box {
    constructor(region, start) {
      Object.assign(this, { region, start, held: new Set(), outline: [start] });
    }

    add([x, y]) {
      const [x0, y0] = this.start;
      const [left, right] = [Math.min(x0, x), Math.max(x0, x)];
      const [top, bottom] = [Math.min(y0, y), Math.max(y0, y)];
      const { inside } = this.region;
      this.outline = [[left, top], [right, top], [right, bottom], [left, bottom]];
      const holds = (i) =>
        inside[2 * i] >= left &&
        inside[2 * i] <= right &&
        inside[2 * i + 1] >= top &&
        inside[2 * i + 1] <= bottom;
      this.held = new Set(this.region.within(left, top, right, bottom).filter(holds));
    }
  }

  const gridOf = (editor, { x, y }) => editor.renderer.gridOf(window.L.point(x, y));

  /** Handlers that draw a shape; done(editor, units) when the button is released. */
  function drawing(Shape, supposed, done) {
    return {
      begin(editor, point) {
        this.shape = new Shape(editor.region, gridOf(editor, point));
        this.first = this.last = point;
        editor.scene.shape = this.shape.outline;
      },
      move(editor, points) {
        const end = points.length - 1;
        points.forEach((point, j) => {
          if (j < end && Math.hypot(point.x - this.last.x, point.y - this.last.y) < STEP_PX) return;
          this.last = point;
          this.shape.add(gridOf(editor, point));
        });
        editor.scene.shape = this.shape.outline;
        editor.tryOn(this.shape.held, supposed);
      },
      end(editor) {
        const { held, outline } = this.shape;
        const far = Math.hypot(this.last.x - this.first.x, this.last.y - this.first.y);
        const still = far <= CLICK_PX && outline.length <= 4; // a lasso ends where it began
        this.cancel(editor);
        if (!still) done(editor, [...held]);
        else if (!supposed) editor.select(editor.unitAt(this.first), true);
      },
      cancel(editor) {
        this.shape = editor.scene.shape = null;
        editor.tryOn(null, supposed);
      },
    };
  }

  const give = (kind) => (editor, units) => editor.give(kind, units, editor.sync.active);
  const pick = (editor, units) => editor.setSelection([...editor.scene.selection, ...units]);

  /** Takes a unit, or the selection it belongs to, from where it is to where it is dropped. */
  const dragging = {
    begin(editor, point) {
      const unit = editor.unitAt(point);
      const { selection } = editor.scene;
      this.units = unit < 0 ? null : selection.has(unit) ? new Set(selection) : new Set([unit]);
      this.start = point;
      this.to = this.owner = unit < 0 ? -1 : editor.sync.view[unit];
    },
    move(editor, points) {
      if (!this.units) return;
      const point = points[points.length - 1];
      const { scene, sync, renderer } = editor;
      const over = editor.unitAt(point);
      const to = over < 0 ? -1 : sync.view[over];
      const taken = to >= 0 && [...this.units].some((i) => sync.view[i] !== to);
      if (to !== this.to || !scene.carried) {
        this.to = to;
        scene.lit = taken ? new Set(TW.unitsOf(sync.view, to)) : null;
        if (taken) editor.chrome.live.suppose(this.units, to);
        else editor.chrome.live.hide();
      }
      const territory = sync.look.territories[taken ? to : this.owner];
      scene.carried = {
        units: this.units,
        dx: point.x - this.start.x,
        dy: point.y - this.start.y,
        colour: territory ? territory[3] : scene.theme.neutral,
      };
      renderer.drawTop();
    },
    end(editor) {
      const { units, to } = this;
      const moved = editor.scene.carried;
      const onto = Boolean(editor.scene.lit);
      this.cancel(editor);
      if (!units || !moved) return;
      if (!onto) editor.chrome.say("Drop it on another territory to move it there.");
      else if (editor.give("drag", [...units], to)) editor.setSelection([]);
    },
    cancel(editor) {
      editor.scene.carried = editor.scene.lit = this.units = null;
      editor.chrome.live.hide();
      editor.renderer.drawTop();
    },
  };

  Object.assign(TW, {
    Lasso,
    lassoGive: drawing(Lasso, true, give("lasso")),
    boxGive: drawing(Box, true, give("box")),
    lassoPick: drawing(Lasso, false, pick),
    boxPick: drawing(Box, false, pick),
    dragging,
  });
})();
