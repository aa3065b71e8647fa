/* Pointer and keys. A frame gets no keys until it has focus, and Streamlit would take some of
   ours: so the map listens in the page around it too, while nobody types there. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const CLICK_PX = 4;
  const DIGITS_MS = 250;

  const onControl = (event) => Boolean(event.target.closest(".tw-ui"));

  class Pointer {
    constructor(editor) {
      this.editor = editor;
      this.box = editor.map.getContainer();
      this.down = null;
      this.queue = [];
      const listen = (name, handler) => this.box.addEventListener(name, handler, true);
      listen("pointerdown", (event) => this._down(event));
      // What draws a shape is no drag of the map: Leaflet listens for the mouse.
      listen("mousedown", (event) => this.down && this.down.tool && event.stopImmediatePropagation());
      listen("pointermove", (event) => this._move(event));
      listen("pointerup", (event) => this._up(event));
      listen("pointercancel", (event) => this._up(event));
      listen("lostpointercapture", (event) => this._up(event));
      this.box.addEventListener("pointerleave", () => editor.hoverAt(null));
      // Show where the focus is to those who got there by key, not after every click.
      const byKey = (on) => this.box.classList.toggle("tw-by-key", on);
      document.addEventListener("keydown", (event) => event.key === "Tab" && byKey(true));
      document.addEventListener("pointerdown", () => byKey(false));
    }

    _point(event) {
      const box = this.box.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }

    _down(event) {
      if (event.button !== 0 || onControl(event)) return;
      this.box.focus({ preventScroll: true });
      const { editor } = this;
      const point = this._point(event);
      this.down = { ...point, id: event.pointerId, tool: null };
      const { tool } = editor;
      const taking = tool.shape ? tool.shape(event) : tool.begin ? tool : null;
      if (editor.panning || event.altKey || !taking) return;
      this.down.tool = taking;
      editor.hoverAt(null);
      editor.cursorAt(point);
      this.box.setPointerCapture(event.pointerId);
      taking.begin(editor, point);
    }

    _move(event) {
      const point = this._point(event);
      if (!this.down || !this.down.tool) {
        this.editor.hoverAt(onControl(event) ? null : point, event);
        return;
      }
      const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const step of steps.length ? steps : [event]) this.queue.push(this._point(step));
      this.editor.cursorAt(point);
      if (!this.frame) this.frame = requestAnimationFrame(() => this._flush());
    }

    _flush() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const points = this.queue;
      this.queue = [];
      if (!points.length || !this.down) return;
      const start = performance.now();
      this.down.tool.move(this.editor, points);
      this.editor.stat.move.push(performance.now() - start);
    }

    _up(event) {
      const { down, editor } = this;
      if (!down || event.pointerId !== down.id) return;
      if (down.tool) {
        this._flush();
        this.down = null;
        down.tool.end(editor);
        return;
      }
      this.down = null;
      const point = this._point(event);
      if (event.type !== "pointerup" || editor.panning) return;
      if (Math.hypot(point.x - down.x, point.y - down.y) > CLICK_PX) return;
      const unit = editor.unitAt(point);
      if (event.altKey) editor.pickOwner(unit);
      else if (editor.tool.click) editor.tool.click(editor, unit, event);
    }

    /** Escape: the stroke under way never happened. */
    escape() {
      if (!this.down || !this.down.tool) return false;
      const { tool } = this.down;
      this.queue = [];
      this.down = null;
      tool.cancel(this.editor);
      return true;
    }
  }

  const typing = (element) =>
    Boolean(element) &&
    (element.isContentEditable ||
      ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) ||
      Boolean(element.closest && element.closest("[role=combobox],[role=dialog]")));

  /** Space and Escape press the button, or choose in the list, that has the focus. */
  const presses = (element) =>
    ["BUTTON", "A", "SUMMARY"].includes(element.tagName) || Boolean(element.closest && element.closest("[role=grid],canvas"));

  class Keys {
    constructor(editor) {
      this.editor = editor;
      this.digits = "";
      this.documents = [document];
      try {
        if (window.parent !== window) this.documents.push(window.parent.document);
      } catch (blocked) {
        console.info("Territory map: keys work while the map has focus.", blocked.message);
      }
      this._press = (event) => this._down(event);
      this._release = (event) => {
        if (event.code === "Space") editor.pan(false);
      };
      for (const target of this.documents) {
        target.addEventListener("keydown", this._press, true);
        target.addEventListener("keyup", this._release, true);
      }
      window.addEventListener("pagehide", () => this.remove());
      window.addEventListener("blur", () => editor.pan(false));
    }

    remove() {
      for (const target of this.documents) {
        target.removeEventListener("keydown", this._press, true);
        target.removeEventListener("keyup", this._release, true);
      }
    }

    _down(event) {
      if (!this.editor.alive() || typing(event.target)) return;
      if (!this._handle(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }

    /** True when the key was ours. */
    _handle(event) {
      const { editor } = this;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if ((event.ctrlKey || event.metaKey) && !event.altKey) {
        if (key !== "z" && key !== "y") return false;
        if (!event.repeat) editor.ask(key === "y" || event.shiftKey ? "redo" : "undo");
        return true;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.code === "Space") {
        if (presses(event.target)) return false;
        editor.pan(true);
        return true;
      }
      if (/^[0-9]$/.test(key)) {
        this._digit(key);
        return true;
      }
      if (key === "Enter" || key === "Delete" || key === "Backspace") {
        if (presses(event.target) || !editor.scene.selection.size) return false;
        editor.giveSelection(key === "Enter" ? editor.sync.active : -1);
        return true;
      }
      return this._letter(key);
    }

    _letter(key) {
      const { editor } = this;
      const { finder } = editor.chrome;
      const tool = TW.TOOLS.find((one) => one.key === key);
      if (tool) editor.use(tool);
      else if (key === "n") finder.step("unassigned", 1);
      else if (key === "f") finder.step("stray", 1);
      else if (key === "h") finder.step("hole", 1);
      else if (key === "k") editor.chrome.locks.toggle();
      else if (key === "z") finder.zoomToActive();
      else if (key === "/") finder.toggle(true);
      else if (key === "[" || key === "]") editor.resize(key === "]" ? 1 : -1);
      else if (key === "?") editor.chrome.toggleHelp();
      else if (key === "Escape") editor.escape();
      else return false;
      return true;
    }

    /** Two digits in a quarter of a second make one number. */
    _digit(digit) {
      clearTimeout(this.timer);
      this.digits = (this.digits + digit).slice(-2);
      const count = this.editor.sync.look.territories.length;
      const done = () => {
        const chosen = Number(this.digits) - 1;
        this.digits = "";
        if (chosen >= 0 && chosen < count) this.editor.choose(chosen);
      };
      if (this.digits.length === 2 || count < 10) done();
      else this.timer = setTimeout(done, DIGITS_MS);
    }
  }

  Object.assign(TW, { Pointer, Keys });
})();
