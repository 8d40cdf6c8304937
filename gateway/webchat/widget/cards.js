// What stands inside a bubble besides words: files, codes to pay with, options to tap.
import { $, copy, hidden, icon, make, svg } from "./dom.js";

export const words = JSON.parse($("words").textContent);
export const language = document.documentElement.lang;
const IMAGE = /^image\/(png|jpeg|webp|gif)$/;

const weigh = (bytes) =>
  bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1048576).toLocaleString(language, { maximumFractionDigits: 1 })} MB`;

/** A file: a picture is shown, anything else is a card; both open and download. */
export function fileCard(file) {
  const shown = file.url + "&view=1";
  const view = (event) => preview(file, shown, event);
  if (IMAGE.test(file.mime)) {
    const picture = make("img", { src: shown, alt: file.name, loading: "lazy" });
    return make("button", { type: "button", class: "picture", onclick: view, title: words.preview }, picture);
  }
  const pdf = file.mime === "application/pdf";
  return make("div", { class: "file" },
    make("div", { class: "sheet-icon", "aria-hidden": "true" }, icon("file"), make("b", {}, pdf ? "PDF" : "")),
    make("div", { class: "facts" }, make("b", {}, file.name), make("span", {}, weigh(file.size))),
    make("div", { class: "acts" },
      pdf && make("button", { type: "button", onclick: view }, icon("eye"), words.preview, hidden(` ${file.name}`)),
      make("a", { href: file.url, download: file.name }, icon("down"), words.download, hidden(` ${file.name}`))));
}

/** A place, and where to see it on a map. */
export function placeCard({ name, address, latitude, longitude, url }) {
  const title = name || address || `${latitude}, ${longitude}`;
  return card("pin", title, name && address, link(url, words.map, title));
}

/** Somebody to call or write to: a tap does it. */
export function contactCard({ name, organisation, phones, email, vcard }) {
  return card("user", name, organisation,
    ...phones.map((phone) => link(`tel:${phone.replace(/[^\d+]/g, "")}`, phone, name)),
    email && link(`mailto:${email}`, email, name),
    make("a", { href: `data:text/vcard;charset=utf-8,${encodeURIComponent(vcard)}`, download: `${name}.vcf` },
      icon("down"), words.save_contact, hidden(` ${name}`)));
}

const card = (sign, title, more, ...acts) =>
  make("div", { class: "file" },
    make("div", { class: "sheet-icon", "aria-hidden": "true" }, icon(sign)),
    make("div", { class: "facts" }, make("b", {}, title), more && make("span", {}, more)),
    make("div", { class: "acts" }, ...acts));

const link = (href, label, title) =>
  make("a", { href, target: href.startsWith("http") && "_blank", rel: "noopener noreferrer" }, label, title && hidden(` ${title}`));

function preview(file, url) {
  if (file.mime === "application/pdf" && !navigator.pdfViewerEnabled) {
    open(url, "_blank", "noopener");
    return;
  }
  $("viewer-name").textContent = file.name;
  $("viewer-down").href = file.url;
  $("viewer-body").replaceChildren(
    IMAGE.test(file.mime) ? make("img", { src: url, alt: file.name }) : make("iframe", { src: `${url}#navpanes=0&view=FitH`, title: file.name }),
  );
  $("viewer").showModal();
}

$("viewer-close").addEventListener("click", () => $("viewer").close());
$("viewer").addEventListener("close", () => $("viewer-body").replaceChildren());
$("viewer").addEventListener("click", (event) => event.target === $("viewer") && $("viewer").close());

function copyButton(text, label) {
  const said = make("span", {}, label);
  const button = make("button", { type: "button", class: "main" }, icon("copy"), said);
  button.addEventListener("click", async () => {
    await copy(text);
    button.firstChild.replaceWith(icon("check"));
    said.textContent = words.copied;
    setTimeout(() => (button.firstChild.replaceWith(icon("copy")), (said.textContent = label)), 2500);
  });
  return button;
}

/** A Pix code: a QR for the phone in the other hand, and a button for this one. */
export function pixCard(text, { size, bits }) {
  return make("div", { class: "pay" },
    make("b", {}, words.pix),
    make("div", { class: "pix" }, qr(size, bits), make("p", {}, words.pix_hint)),
    make("code", { class: "said" }, text),
    copyButton(text.trim(), words.copy_pix));
}

/** The bar code of an invoice in digits, which banks take with or without points and spaces. */
export function lineCard(text) {
  return make("div", { class: "pay" }, make("b", {}, words.code), make("code", { class: "said line" }, text),
    copyButton(text.trim(), words.copy_code));
}

export const isLine = (text) => /^[\d.\s-]+$/.test(text) && [47, 48].includes(text.replace(/\D/g, "").length);

/** Draw a QR code of `size` modules a side, whose bits, row by row, are in base64. */
function qr(size, bits) {
  const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
  let path = "";
  for (let n = 0; n < size * size; n++) {
    if ((bytes[n >> 3] >> (7 - (n & 7))) & 1) path += `M${n % size} ${(n / size) | 0}h1v1h-1z`;
  }
  const box = { class: "qr", viewBox: `-4 -4 ${size + 8} ${size + 8}`, role: "img", "aria-label": words.pix_qr };
  return svg("svg", { ...box, "shape-rendering": "crispEdges" }, svg("path", { d: path }));
}

/** Ways out of the chat: pages open beside it. */
export const linkButtons = (links) => make("div", { class: "acts links" }, ...links.map(({ url, title }) => link(url, title)));

/** Options to tap; short ones, as the notes of a survey, stand in a row. */
export function optionButtons(options, tap) {
  const short = options.every((option) => option.label.length <= 3);
  return make("div", { class: short ? "options notes" : "options", role: "group", "aria-label": words.chosen },
    ...options.map((option) => make("button", { type: "button", onclick: (event) => tap(option, event) }, option.label)));
}
