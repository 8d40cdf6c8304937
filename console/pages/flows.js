/* Moves about in the drawing. Without it the page shows all of the drawing at once, and everything else works too. */
const picture = document.querySelector(".picture");
const drawing = picture.querySelector("svg[viewBox]");
const FACTOR = 1.25;
const LEAST = 0.1;
const MOST = 3;
let scale = 1;

function show(node) {
  const frame = picture.getBoundingClientRect();
  const box = node.getBoundingClientRect();
  picture.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  const above = node.dataset.card === "@start" ? box.top - frame.top - 24 : box.top + box.height / 2 - frame.top - frame.height / 2;
  picture.scrollTop += above;
}

function zoom(wanted) {
  const size = Math.min(MOST, Math.max(LEAST, wanted));
  const middle = [picture.scrollLeft + picture.clientWidth / 2, picture.scrollTop + picture.clientHeight / 2];
  drawing.setAttribute("width", drawing.viewBox.baseVal.width * size);
  drawing.setAttribute("height", drawing.viewBox.baseVal.height * size);
  picture.scrollLeft = (middle[0] * size) / scale - picture.clientWidth / 2;
  picture.scrollTop = (middle[1] * size) / scale - picture.clientHeight / 2;
  scale = size;
}

function fit() {
  const { width, height } = drawing.viewBox.baseVal;
  zoom(Math.min(1, picture.clientWidth / width, picture.clientHeight / height));
}

function follow() {
  drawing.querySelector(".node.shown")?.classList.remove("shown");
  const id = decodeURIComponent(location.hash).replace("#card-", "");
  const node = [...drawing.querySelectorAll(".node")].find((one) => one.dataset.card === id);
  node?.classList.add("shown");
  return node;
}

function drag(event) {
  if (event.button !== 0 || event.pointerType !== "mouse" || event.target.closest("a")) return;
  const start = [event.clientX + picture.scrollLeft, event.clientY + picture.scrollTop];
  const move = (at) => picture.scrollTo(start[0] - at.clientX, start[1] - at.clientY);
  picture.addEventListener("pointermove", move);
  window.addEventListener("pointerup", () => picture.removeEventListener("pointermove", move), { once: true });
}

const ways = { in: () => zoom(scale * FACTOR), out: () => zoom(scale / FACTOR), fit };
const keys = { "+": ways.in, "=": ways.in, "-": ways.out, 0: fit };

if (drawing) {
  picture.classList.add("moves");
  zoom(1);
  show(follow() ?? drawing.querySelector('[data-card="@start"]'));
  const tools = document.querySelector(".tools");
  tools.hidden = false;
  tools.addEventListener("click", (event) => ways[event.target.closest("button")?.value]?.());
  picture.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && keys[event.key]) keys[event.key]();
  });
  picture.addEventListener("pointerdown", drag);
  window.addEventListener("hashchange", () => {
    const node = follow();
    if (node) show(node);
  });
}
