// The visitor's session: a token that travels in the fragment of the link, and is kept for the next visit.
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

export class Session {
  framed = window.parent !== window;
  onAnother = () => {}; // called when the old session could not go on, and `id` is that of a new one
  #token = "";
  #renewAt = 0;
  #opening = null;
  #referral = new URLSearchParams(location.search).get("ref")?.slice(0, 512);

  /** Open a session, or go on with that of the link or of the last visit; renew the token of one that is open. */
  open() {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open() {
    const before = this.id;
    const known = [this.#token, new URLSearchParams(location.hash.slice(1)).get("t"), store.get(KEY)].filter(Boolean);
    let answer;
    for (const resume of [...new Set(known), ""]) {
      answer = await (await this.#ask("POST", `${path}/sessions`, JSON.stringify({ resume }))).json();
      if (answer.resumed) break;
    }
    this.id = answer.session;
    this.#token = answer.token;
    const life = new Date(answer.expires_at) - Date.now();
    this.#renewAt = Date.now() + life / 2;
    store.set(KEY, answer.token);
    if (!this.framed) history.replaceState(null, "", `#t=${answer.token}`);
    if (before ? before !== this.id : known.length && !answer.resumed) this.onAnother();
  }

  /** The address that continues this conversation elsewhere. */
  get link() {
    return `${location.origin}${path}#t=${this.#token}`;
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

  async #ask(method, url, body, headers = {}, signal = undefined) {
    const sent = Object.entries(headers).filter(([, value]) => value);
    if (this.#token) sent.push(["authorization", `Bearer ${this.#token}`]);
    const answer = await fetch(url, { method, body, headers: sent, signal, cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Refused(answer);
    return answer;
  }
}
