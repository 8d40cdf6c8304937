// Follows what is said: server-sent events over fetch, so that the token stays in a header and out of the address.
const SILENCE = 40_000; // the gateway sends a comment every 15 seconds
const PAUSES = [300, 1000, 2000, 4000, 5000];

export class Stream {
  #session;
  #after = "";
  #wake = () => {};
  #cut = null;

  constructor(session, { onEvent, onState }) {
    this.#session = session;
    Object.assign(this, { onEvent, onState });
    for (const name of ["online", "focus"]) addEventListener(name, () => this.#wake());
    addEventListener("offline", () => this.#cut?.abort());
  }

  /** Follow for ever. */
  async run() {
    for (let failures = 0; ; ) {
      try {
        if (this.#session.stale) await this.#session.open();
        await this.#follow(() => (failures = 0));
        await this.#pause(PAUSES[0]); // a gateway that is being stopped ends each stream at once
      } catch (error) {
        failures += 1;
        this.onState(false);
        if (error.status === 401) await this.#session.open().catch(() => {});
        await this.#pause(Math.max((error.after || 0) * 1000, PAUSES[Math.min(failures, PAUSES.length) - 1]));
      }
    }
  }

  /** Begin anew: the session is another one. */
  reset() {
    this.#after = "";
    this.#cut?.abort();
  }

  async #follow(connected) {
    const cut = (this.#cut = new AbortController());
    let silence = setTimeout(() => cut.abort(), SILENCE);
    try {
      const answer = await this.#session.events(this.#after, cut.signal);
      connected();
      this.onState(true);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => cut.abort(), SILENCE);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.forEach((block) => this.#read(block));
      }
    } finally {
      clearTimeout(silence);
      cut.abort();
    }
  }

  #read(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
    if (!fields.data) return;
    this.#after = fields.id;
    try {
      this.onEvent(fields.event, { ...JSON.parse(fields.data), id: fields.id });
    } catch (error) {
      reportError(error); // one event that cannot be shown must not hold up the others
    }
  }

  #pause(milliseconds) {
    return new Promise((go) => {
      this.#wake = go;
      setTimeout(go, milliseconds * (0.75 + Math.random() / 2));
    });
  }
}
