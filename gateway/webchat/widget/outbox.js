// What the visitor says, until the conversation has it: sent in order, again when it fails, kept across reloads.
import { language, store } from "./session.js";

const PAUSES = [500, 1000, 2000, 5000];
const AGE = 24 * 3600 * 1000;

export class Outbox {
  #session;
  #queue = [];
  #busy = false;
  #wake = () => {};

  /** `onState(message, state)` is told "sending", "sent" or "failed". */
  constructor(session, onState) {
    this.#session = session;
    this.onState = onState;
    addEventListener("online", () => this.#wake());
  }

  get #prefix() {
    return `prosa:outbox:${this.#session.id}:`;
  }

  /** Take up what an earlier visit left unsent or unconfirmed, oldest first. */
  load() {
    const found = store.keys().filter((key) => key.startsWith(this.#prefix)).map((key) => JSON.parse(store.get(key)));
    for (const message of found.sort((a, b) => a.at - b.at)) {
      if (Date.now() - message.at > AGE) store.remove(this.#prefix + message.id);
      else this.#put(message);
    }
  }

  /** Say something new: `{text}`, `{choice, label}` or `{file, name}`. */
  say(what) {
    const random = crypto.getRandomValues(new Uint8Array(12));
    const id = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const message = { id, at: Date.now(), referral: this.#session.takeReferral(), ...what };
    store.set(this.#prefix + id, JSON.stringify(message));
    this.#put(message);
  }

  #put(message) {
    message.key = this.#prefix + message.id;
    message.event = this.#session.eventId(message.id);
    this.#queue.push(message);
    this.onState(message, "sending");
    this.#run();
  }

  /** The conversation has read it: nothing is left to do. */
  confirm(event) {
    for (const message of this.#queue) if (message.event === event) message.read = true;
    for (const key of store.keys()) {
      if (key.startsWith(this.#prefix) && this.#session.eventId(key.slice(this.#prefix.length)) === event) store.remove(key);
    }
  }

  /** The session is another one: take back what it has not been told, and return the texts. */
  withdraw() {
    const unsaid = this.#queue.filter((message) => !message.read);
    unsaid.forEach((message) => this.discard(message));
    this.#queue = [];
    this.#wake();
    return unsaid.map((message) => message.text).filter(Boolean);
  }

  retry(message) {
    this.#put(message);
  }

  discard(message) {
    store.remove(message.key);
  }

  /** Take it out of the queue; false when it had been taken back meanwhile. */
  #drop(message) {
    const known = this.#queue.includes(message);
    this.#queue = this.#queue.filter((one) => one !== message);
    return known;
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    for (let failures = 0; this.#queue.length; ) {
      const [message] = this.#queue;
      if (message.read) {
        this.#queue.shift();
        continue;
      }
      const { id, text, choice, file, referral } = message;
      try {
        await this.#session.say({ id, text, choice, file, referral, language });
        failures = 0;
        if (!this.#drop(message)) continue;
        if (!message.read) this.onState(message, "sent");
      } catch (error) {
        if ([400, 404, 413].includes(error.status)) {
          if (this.#drop(message)) this.onState(message, "failed");
          continue;
        }
        if (error.status === 401) await this.#session.open().catch(() => {});
        const pause = Math.max((error.after || 0) * 1000, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
        await new Promise((go) => ((this.#wake = go), setTimeout(go, pause)));
      }
    }
    this.#busy = false;
  }
}
