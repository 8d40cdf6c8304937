// The conversation on the page: what the journal says, in its order, and below it what is still on its way.
import { contactCard, fileCard, isLine, language, lineCard, linkButtons, optionButtons, pixCard, placeCard, words } from "./cards.js";
import { $, hidden, icon, make, rich } from "./dom.js";

const box = $("log");
const name = document.documentElement.dataset.title;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const called = (agent) => agent.name || (agent.number > 1 ? `${words.agent} ${agent.number}` : words.agent);
const MARK = { sending: ["clock", words.sending], sent: ["check", words.sent], read: ["checks", words.received] };

const SETTLING = 400; // milliseconds in which new options ignore taps: the finger was on its way to something else

export class Log {
  /** Whether a person speaks for the company now: nobody here knows whether people are typing. */
  attended = false;
  #present = new Set(); // names of the people who have entered and not left
  #labels = new Map();
  #waiting = new Map(); // message id -> row of a message that is on its way
  #options = null;
  #day = "";
  #pinned = true;
  #first = null; // the first bubble of the company since the visitor spoke

  constructor({ onTap, onRetry, onDiscard }) {
    Object.assign(this, { onTap, onRetry, onDiscard });
    box.addEventListener("scroll", () => this.#look());
    $("jump").addEventListener("click", () => this.#toEnd());
    new ResizeObserver(() => this.#pinned && this.#down()).observe(box);
  }

  clear() {
    box.querySelectorAll(":scope > :not(#hello)").forEach((row) => row.remove());
    this.#waiting.clear();
    this.#first = this.#options = null;
    this.#day = "";
    $("protocol").textContent = words.ready;
    $("hello").hidden = false;
    this.attended = false;
    this.#present.clear();
  }

  /** Say something of the page's own, beside the welcome where that is shown. */
  note(text) {
    box.append(make("p", { class: "note" }, text));
  }

  opened(event) {
    $("protocol").textContent = `${words.protocol} ${event.protocol}`;
    this.#add(this.#mark("opened", event, "", `${words.protocol} ${event.protocol}`), event.at);
  }

  ended(event) {
    this.attended = false;
    this.#present.clear();
    this.#endOptions();
    this.#add(this.#mark("ended", event, words.ended, words.ended_hint), event.at);
  }

  joined(event) {
    this.attended = true;
    this.#present.add(called(event.agent));
    this.#add(this.#mark("joined", event, "", words.joined.replace("{name}", called(event.agent))), event.at);
  }

  /** Whoever helps beside the first has entered without a word of the journal: what they say shows it. */
  #enter(by, at) {
    if (this.#present.has(by)) return;
    this.#present.add(by);
    this.#add(make("p", { class: "mark joined" }, words.joined.replace("{name}", by)), at);
  }

  /** Somebody has resolved it, perhaps from afar: all who had entered leave. */
  left(event) {
    if (!this.#present.size) return; // nobody had come
    this.attended = false;
    this.#add(this.#mark("left", event, "", ...[...this.#present].map((by) => words.left.replace("{name}", by))), event.at);
    this.#present.clear();
  }

  /** Show a message of the bot or of an agent. */
  message(event) {
    this.attended = Boolean(event.agent);
    if (event.agent) this.#enter(called(event.agent), event.at);
    const row = event.agent
      ? this.#row("agent", words.agent_said.replace("{name}", called(event.agent)), event.at, this.#inside(event))
      : this.#row("bot", words.bot_said.replace("{name}", name), event.at, this.#inside(event));
    row.dataset.id = event.id;
    if (box.ariaBusy !== "true") this.#first ??= row;
    if (event.agent) this.#sign(row, called(event.agent));
    this.#add(row, event.at);
    this.#endOptions();
    if (event.options.length) {
      event.options.forEach((option) => this.#labels.set(option.id, option.label));
      const options = optionButtons(event.options, (option, { detail: taps }) => {
        if (!taps || !options.hasAttribute("aria-disabled")) this.onTap(option); // keys (no taps) were meant for it
      });
      if (box.ariaBusy !== "true") {
        options.setAttribute("aria-disabled", "true");
        setTimeout(() => options.removeAttribute("aria-disabled"), SETTLING);
      }
      this.#options = options;
      row.append(this.#options);
      this.#offer();
      this.#follow();
    }
  }

  /** What the visitor said, here or elsewhere, and the conversation has read. */
  received(event) {
    this.#endOptions();
    const row = this.#row("me", words.you_said, event.at, this.#inside(event), this.#state("read"));
    row.dataset.id = event.id;
    this.#waiting.get(event.message_id)?.remove();
    this.#waiting.delete(event.message_id);
    this.#add(row, event.at);
  }

  /** What the visitor just said: "sending", "sent" or "failed". */
  outgoing(message, state) {
    const at = new Date(message.at).toISOString();
    const said = make("div", { class: "said" }, message.text || message.label || message.name || "");
    const row = this.#row("me", words.you_said, at, [said], state !== "failed" && this.#state(state));
    row.dataset.state = state;
    if (state === "failed") row.append(this.#failure(message));
    const old = this.#waiting.get(message.event);
    this.#waiting.set(message.event, row);
    if (old) old.replaceWith(row);
    else box.append(row);
    $("hello").hidden = true;
    this.#offer();
    if (!old) this.#toEnd();
  }

  #inside(event) {
    const parts = event.files.map(fileCard);
    if (event.location) parts.push(placeCard(event.location));
    if (event.contact_card) parts.push(contactCard(event.contact_card));
    const text = event.text || this.#labels.get(event.choice) || event.choice || "";
    if (event.pix) parts.push(pixCard(text, event.pix));
    else if (isLine(text)) parts.push(lineCard(text));
    else if (text) parts.push(make("div", { class: "said" }, ...rich(text)));
    if (event.links.length) parts.push(linkButtons(event.links));
    return parts;
  }

  #row(who, said, at, parts, state) {
    const foot = make("span", { class: "foot" }, make("time", { datetime: at }, clock.format(new Date(at))), state);
    const news = box.ariaBusy === "true" ? "" : " news"; // what stood there already does not rise again
    return make("div", { class: `row ${who}${news}` }, make("div", { class: "bubble" }, hidden(`${said} `), ...parts, foot));
  }

  /** Write above the bubble who speaks, unless the bubble before has said it. */
  #sign(row, by) {
    row.dataset.by = by;
    const before = [...box.querySelectorAll(":scope > [data-id]")].pop();
    if (before?.dataset.by === by) return;
    const face = make("span", { class: "face" }, [...by][0].toUpperCase());
    row.prepend(make("div", { class: "by", "aria-hidden": "true" }, face, by)); // the bubble tells it to screen readers
  }

  #state(state) {
    return make("span", { class: `state ${state}` }, icon(MARK[state][0]), hidden(MARK[state][1]));
  }

  #failure(message) {
    const gone = (act) => () => (this.#waiting.get(message.event)?.remove(), this.#waiting.delete(message.event), act(message));
    return make("p", { class: "failure" }, icon("alert"), words.failed,
      make("button", { type: "button", onclick: gone(this.onRetry) }, words.retry),
      make("button", { type: "button", onclick: gone(this.onDiscard) }, words.discard));
  }

  #mark(kind, event, title, ...lines) {
    const said = lines.map((line) => make("span", {}, line));
    const row = make("p", { class: `mark ${kind}` }, title && make("b", {}, title), ...said);
    row.dataset.id = event.id;
    return row;
  }

  #add(row, at) {
    $("hello").hidden = true;
    const date = day.format(new Date(at));
    const waiting = [...this.#waiting.values()][0] ?? null;
    if (date !== this.#day) {
      this.#day = date;
      box.insertBefore(make("p", { class: "day" }, make("span", {}, this.#call(new Date(at)))), waiting);
    }
    box.insertBefore(row, waiting);
    this.#follow();
  }

  #call(date) {
    const days = Math.round((new Date().setHours(12) - new Date(date).setHours(12)) / 86_400_000);
    return [words.today, words.yesterday][days] ?? day.format(date);
  }

  /** Options are there until they are answered, and again when the answer could not be sent. */
  #offer() {
    if (this.#options) this.#options.hidden = [...this.#waiting.values()].some((row) => row.dataset.state !== "failed");
  }

  #endOptions() {
    this.#options?.remove();
    this.#options = null;
  }

  #look() {
    this.#pinned = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    if (this.#pinned) $("jump").hidden = true;
  }

  #follow() {
    if (this.#pinned) this.#down();
    else $("jump").hidden = false;
  }

  /** Show the end, but of news that is taller than the view its beginning: nobody reads upwards. */
  #down() {
    const first = this.#first;
    const top = first?.isConnected ? first.offsetTop - box.offsetTop - 8 : Infinity;
    const end = box.scrollHeight - box.clientHeight;
    this.#pinned = top >= end;
    box.scrollTop = Math.min(top, end);
    $("jump").hidden = this.#pinned;
  }

  #toEnd() {
    this.#first = null;
    this.#down();
  }
}
