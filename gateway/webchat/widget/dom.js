// Small hands: elements without markup, so that nothing that anybody wrote is ever parsed as HTML.
const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

/** An element with attributes and children; `on` + name listens; null, false and "" children are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const icon = (name) => svg("svg", { class: "i", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));

export const hidden = (text) => make("span", { class: "sr" }, text);

const LINK = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]*])/;
const BOLD = /(^|[\s("'])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?=$|[\s.,;:!?)"'])/;

/** Text with what stands between asterisks in bold, as phones show it, and its web addresses as links. */
export const rich = (text) =>
  text.split(BOLD).flatMap((piece, n) => (n % 3 === 2 ? make("b", {}, ...linked(piece)) : linked(piece)));

const linked = (text) =>
  text.split(LINK).map((piece, n) =>
    n % 2 ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, piece) : piece,
  );

/** Put `text`, or what it will be, on the clipboard, also where the page is in a frame or not on a secure origin. */
export async function copy(text) {
  try {
    const blob = Promise.resolve(text).then((found) => new Blob([found], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]); // now: a browser allows it to a tap alone
  } catch {
    const area = make("textarea", { class: "sr", readonly: true });
    area.value = await text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
