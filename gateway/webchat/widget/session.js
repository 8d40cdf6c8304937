// The visitor's session: a token that is kept for the next visit, and links that work once to continue it elsewhere.
import { sha256 } from "./sha256.js";

const path = location.pathname.replace(/\/+$/, "");
const [, root, account] = /^(.*)\/webchat\/([^/]+)$/.exec(path);
const KEY = `prosa:${account}:token`;

/** What is kept across reloads; a page that may not store anything simply forgets. */
export const store = {
  get: (key) => attempt(() => localStorage.getItem(key)),
  set: (key, value) => attempt(() => localStorage.setItem(key, value)),
  remove: (key) => attempt(() => localStorage.removeItem(key)),
  keys: () => attempt(() => Object.keys(localStorage)) || [],
};

function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** What the visitor speaks: the language of the site that shows the chat, else the browser's. */
export const language = new URLSearchParams(location.search).get("lang") || navigator.language;

/** A request that the gateway refused: `status`, and after how many seconds it may come again. */
export class Refused extends Error {
  constructor(answer) {
    super(`status ${answer.status}`);
    this.status = answer.status;
    this.after = Number(answer.headers.get("retry-after")) || 0;
  }
}

/** The code of the link that was opened; it leaves the address bar at once. */
function takeCode() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const code = fragment.get("c") ?? fragment.get("t");
  if (code !== null) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

export class Session {
  framed = window.parent !== window;
  code = takeCode();
  resumed = false; // whether the last visit's session goes on
  onAnother = () => {}; // called when the old session could not go on, and `id` is that of a new one; is told why
  #token = "";
  #renewAt = 0;
  #opening = null;
  #referral = new URLSearchParams(location.search).get("ref")?.slice(0, 512);

  /** Open a session, or go on with that of the last visit; renew the token of one that is open. */
  open() {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open() {
    const before = this.id;
    const known = [...new Set([this.#token, store.get(KEY)].filter(Boolean))];
    let answer, why;
    for (const resume of known.length ? known : [""]) {
      answer = await this.#post(`${path}/sessions`, { resume });
      why = answer.before ?? why;
      if (answer.resumed) break;
    }
    this.resumed = answer.resumed;
    this.#take(answer);
    if (before ? before !== this.id : why) this.onAnother(why);
  }

  #take(answer) {
    this.id = answer.session;
    this.#token = answer.token;
    this.#renewAt = Date.now() + (new Date(answer.expires_at) - Date.now()) / 2;
    store.set(KEY, answer.token);
  }

  /** How the link that was opened stands: "good", "used", "gone", or "yours". */
  async look() {
    return (await this.#post(`${path}/links/look`, { code: this.code })).state;
  }

  /** Go on with the session of the link, which is used up. */
  async enter() {
    this.#take(await this.#post(`${path}/sessions`, { code: this.code }));
  }

  /** A new address that continues this conversation elsewhere, once. */
  async link() {
    return `${location.origin}${path}#c=${(await this.#post(`${path}/links`)).code}`;
  }

  /** End the session on all devices, and begin a new one. */
  async end() {
    await this.#ask("POST", `${path}/sessions/end`);
    store.remove(KEY);
    this.#token = "";
    await this.open();
  }

  /** The id under which the journal keeps this visitor's message (domain/keys.py). */
  eventId(message) {
    return sha256([account, "message", `${this.id}:${message}`].join("\x1f")).slice(0, 32);
  }

  /** The name that the link or the site brought along, for the first message after it was opened; then no more. */
  takeReferral() {
    const referral = this.#referral;
    this.#referral = undefined;
    return referral;
  }

  get stale() {
    return Date.now() > this.#renewAt;
  }

  events(after, signal) {
    return this.#ask("GET", `${path}/events`, undefined, { "last-event-id": after }, signal);
  }

  say(message) {
    return this.#ask("POST", `${root}/webhooks/webchat/${account}`, JSON.stringify(message), {}, AbortSignal.timeout(30_000));
  }

  async upload(file) {
    return (await this.#ask("POST", `${path}/files?name=${encodeURIComponent(file.name)}`, file)).json();
  }

  async #post(url, body = {}) {
    return (await this.#ask("POST", url, JSON.stringify(body))).json();
  }

  async #ask(method, url, body, headers = {}, signal = undefined) {
    const sent = Object.entries(headers).filter(([, value]) => value);
    if (this.#token) sent.push(["authorization", `Bearer ${this.#token}`]);
    const answer = await fetch(url, { method, body, headers: sent, signal, cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Refused(answer);
    return answer;
  }
}
