// The chat page: puts session, stream, outbox and log together, and listens to the visitor.
import { ask } from "./ask.js";
import { language, words } from "./cards.js";
import { $, copy, make } from "./dom.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";

const { title, upload } = document.documentElement.dataset;
const THINKING = 20_000; // how long the bot may be "typing" without a word
const CATCHING_UP = 1_000;
const session = new Session();
const log = new Log({
  onTap: (option) => (say({ choice: option.id, label: option.label }), focus()),
  onRetry: (message) => outbox.retry(message),
  onDiscard: (message) => outbox.discard(message),
});
const outbox = new Outbox(session, (message, state) => {
  log.outgoing(message, state);
  typing(Boolean(pace) || (state === "sent" && answering()));
});
const stream = new Stream(session, { onEvent: arrive, onState: net });
let unread = 0;
let shown = true; // in a frame, the loader says when it is closed
let settled = 0;
const answering = () => !log.attended && $("waiting").hidden; // by the bot: of people nobody here knows what they type

const ahead = []; // what has arrived and is not shown yet, in order: it waits for a message that is being typed
let pace = 0;
let since = Infinity; // when the stream was connected: what comes right after that has been missed, and is shown at once

function arrive(kind, event) {
  if (kind === "received") outbox.confirm(event.message_id);
  if (performance.now() - since < CATCHING_UP || $("log").ariaBusy === "true") event.typing = 0;
  ahead.push([kind, event]);
  if (!pace) show();
}

/** Show what has arrived, up to a message that is typed first, for those who look on. */
function show() {
  for (pace = 0; ahead.length; ) {
    const [kind, event] = ahead[0];
    if (event.typing && shown && !document.hidden) {
      typing(true);
      pace = setTimeout(show, event.typing * 1000);
      event.typing = 0;
      return;
    }
    ahead.shift();
    try {
      hear(kind, event);
    } catch (error) {
      reportError(error); // it must not hold up the others
    }
  }
}

function hear(kind, event) {
  log[kind]?.(event);
  $("waiting").hidden = !event.waiting;
  const next = ahead[0]?.[1].typing; // the dots stay, and are told once
  if (kind !== "opened") typing(next || (kind === "received" && answering() && Date.now() - new Date(event.at) < THINKING));
  if (kind === "message" && $("log").ariaBusy !== "true" && (!shown || document.hidden)) count(unread + 1);
  settle();
}

/** The first page of events is not news: it is neither read aloud nor counted. */
function settle() {
  if ($("log").ariaBusy !== "true") return;
  clearTimeout(settled);
  settled = setTimeout(() => ($("log").ariaBusy = "false"), 400);
}

/** What comes after the visitor has said something is news, however soon it comes. */
function say(what) {
  clearTimeout(settled);
  $("log").ariaBusy = "false";
  outbox.say(what);
}

function net(connected) {
  since = performance.now();
  $("net").textContent = connected ? "" : navigator.onLine ? words.reconnecting : words.offline;
  if (connected) settle();
}

let thinking = 0;
function typing(on) {
  clearTimeout(thinking);
  const dots = [make("span", { class: "sr" }, words.typing.replace("{name}", title)), make("i"), make("i"), make("i")];
  if (on !== Boolean($("typing").firstChild)) $("typing").replaceChildren(...(on ? dots : []));
  if (on) thinking = setTimeout(() => typing(false), THINKING);
}

function count(number) {
  unread = number;
  document.title = unread ? `(${unread}) ${title}` : title;
  tell({ unread });
}

const tell = (what) => session.framed && parent.postMessage({ prosa: what }, "*"); // no secrets: only who may embed us hears
const asks = () => document.querySelector("dialog[open]");
const notice = (text) => ($("notice").textContent = text);

/** Go to the field, but on phones, whose keyboard would cover what comes next. */
const focus = () => matchMedia("(pointer: coarse)").matches || $("text").focus();

/** What is typed goes into the field, wherever the focus was. */
addEventListener("keydown", (event) => {
  const pressed = document.activeElement.closest("button, a, summary");
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey || asks()) return;
  if (event.key !== " " || !pressed) $("text").focus();
});

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

async function send(file) {
  notice("");
  if (file.size > upload) return notice(words.file_large.replace("{limit}", Math.round(upload / 1048576)));
  notice(words.uploading);
  try {
    const kept = await session.upload(file);
    say({ file: kept.file, name: kept.name });
    return notice("");
  } catch (error) {
    const large = words.file_large.replace("{limit}", Math.round(upload / 1048576));
    return notice({ 413: large, 415: words.file_kind, 429: words.file_many }[error.status] ?? words.file_failed);
  }
}

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!session.id) return; // what is written stays in the field until there is somebody to say it
  const text = $("text").value.trim();
  if (text) say({ text });
  $("text").value = "";
  notice("");
  grow();
  $("text").focus();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("compose").requestSubmit();
});
$("text").addEventListener("input", grow);
$("text").addEventListener("paste", (event) => session.id && event.clipboardData.files[0] && send(event.clipboardData.files[0]));
$("start").addEventListener("click", () => (say({ text: words.hello }), $("text").focus()));
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  if ($("file").files[0]) send($("file").files[0]);
  $("file").value = "";
});
$("link").addEventListener("click", async () => {
  const link = session.link();
  try {
    await copy(link);
  } catch {
    return notice(words.link_failed);
  }
  $("link").lastChild.textContent = words.copied;
  setTimeout(() => ($("menu").open = false, $("link").lastChild.textContent = words.continue_elsewhere), 1500);
});
$("leave").addEventListener("click", async () => {
  $("menu").open = false;
  if (!(await ask(words.leave_ask, words.leave_text, words.leave, words.back))) return;
  await session.end().catch(() => notice(words.leave_failed));
});
$("close").hidden = !session.framed;
$("close").addEventListener("click", () => tell("close"));
addEventListener("click", (event) => $("menu").contains(event.target) || ($("menu").open = false));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || asks()) return;
  if ($("menu").open) $("menu").open = false;
  else tell("close");
});
addEventListener("message", (event) => {
  if (event.source !== parent || typeof event.data?.prosa !== "boolean") return;
  shown = event.data.prosa;
  if (shown) count(0), $("text").focus();
});
addEventListener("visibilitychange", () => document.hidden || !shown || count(0));
addEventListener("hashchange", () => location.reload()); // another link was opened in this tab

session.onAnother = (why) => {
  clearTimeout(pace);
  pace = ahead.length = 0;
  log.clear();
  $("waiting").hidden = true;
  typing(false);
  log.note(why === "expired" ? words.renewed : words.session_ended);
  stream.reset();
  const unsaid = outbox.withdraw(); // what answered the old conversation is nothing to begin a new one with
  $("text").value = [...unsaid, $("text").value].filter(Boolean).join("\n");
  grow();
};

/** Do *work* until it can be done; what the gateway refuses for good is refused at once. */
async function patiently(work) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await work();
    } catch (error) {
      if (error.status === 410) throw error;
      net(false);
      await new Promise((go) => setTimeout(go, Math.max(wait, (error.after || 0) * 1000)));
    }
  }
}

/** A link never takes the place of the visitor's own conversation, or of none, without being asked. */
async function follow() {
  const lost = (state) => (session.resumed ? notice : (text) => log.note(text))(state === "used" ? words.link_used : words.link_gone);
  const state = await patiently(() => session.look());
  if (state === "yours") return;
  if (state !== "good") return lost(state);
  const text = session.resumed ? words.link_replaces : words.link_text;
  if (await ask(words.link_ask, text, words.link_yes, words.link_no)) await patiently(() => session.enter()).catch(() => lost("used"));
}

await patiently(() => session.open());
if (session.code !== null) await follow();
for (const id of ["start", "send", "attach"]) $(id).disabled = false;
outbox.load();
stream.run();
