// When something was last drawn in a chart: on a canvas, in SVG, or by WebGL.
window.drawn = {
  last: 0, // ms since the page was asked for
  asked: 0, // when the reader last pressed a button or a key
  watch() {
    this.asked = Infinity;
  },
  note() {
    this.last = performance.now();
  },
  since() {
    return this.last > this.asked;
  },
  quiet(ms) {
    return this.last > 0 && performance.now() - this.last > ms;
  },
  charts() {
    const shown = this.roots.filter((root) => root.isConnected);
    return shown.flatMap((root) => [...root.querySelectorAll(this.CHART)]).length;
  },
  roots: [document], // and every shadow root: neither a query nor an observer looks inside
  CHART: "canvas, svg.marks, svg.main-svg, .st-key-drawn [data-testid=stText]",
};
for (const [kind, names] of [
  [CanvasRenderingContext2D, ["clearRect", "fillRect", "fillText", "fill", "stroke", "drawImage"]],
  [WebGL2RenderingContext, ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]],
]) {
  for (const name of names) {
    const own = kind.prototype[name];
    kind.prototype[name] = function (...given) {
      // What is measured off the page, such as the width of a text, is not drawn.
      if (this.canvas.isConnected) drawn.note();
      return own.apply(this, given);
    };
  }
}
// The press, not the release: some lists choose on it.
for (const what of ["pointerdown", "keydown"]) {
  addEventListener(what, (event) => { drawn.asked = event.timeStamp; }, true);
}
const observer = new MutationObserver((changes) => {
  const inChart = ({ target, addedNodes }) =>
    [target.nodeType === 3 ? target.parentElement : target, ...addedNodes].some(
      (node) => node?.nodeType === 1 && (node.closest(drawn.CHART) || node.querySelector(drawn.CHART) && node !== target),
    );
  if (changes.some(inChart)) drawn.note();
});
const observe = (root) =>
  observer.observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
observe(document);
const { attachShadow } = Element.prototype;
Element.prototype.attachShadow = function (how) {
  const root = attachShadow.call(this, how);
  drawn.roots.push(root);
  observe(root);
  return root;
};
