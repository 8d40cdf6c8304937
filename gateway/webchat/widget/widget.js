// The loader: a button on any page, and behind it the chat in a frame of the gateway's own origin.
// <script src="https://chat.example.com/webchat/ACCOUNT/widget.js" async></script>
// data-lang="en" says the language, data-side="left" the corner, data-open opens it at once, data-ref="NAME" where one comes from.
(() => {
  const script = document.currentScript;
  const { lang, side, open, ref } = script.dataset;
  const referral = ref ?? new URL(script.src).searchParams.get("ref");
  const language = lang || document.documentElement.lang || navigator.language;
  const words = language.toLowerCase().startsWith("pt")
    ? { open: "Abrir o chat", close: "Fechar o chat", chat: "Chat" }
    : { open: "Open the chat", close: "Close the chat", chat: "Chat" };
  const home = new URL(script.src.replace(/\/widget\.js.*$/, ""));
  const corner = side === "left" ? "left" : "right";
  const narrow = matchMedia("(max-width: 480px), (max-height: 480px)");
  const style = (element, rules) => Object.assign(element.style, rules);
  const svg = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const button = document.createElement("button");
  button.type = "button";
  style(button, {
    position: "fixed", bottom: "20px", [corner]: "20px", zIndex: 2147483000, width: "60px", height: "60px", padding: 0,
    border: 0, borderRadius: "50%", background: "#0f766e", color: "#fff", cursor: "pointer", outlineOffset: "3px",
    boxShadow: "0 8px 28px rgba(15, 60, 56, .38)", transition: "transform .15s",
  });
  button.onmouseenter = () => style(button, { transform: "scale(1.06)" });
  button.onmouseleave = () => style(button, { transform: "" });
  const drawing = svg("svg", { viewBox: "0 0 24 24", width: 28, height: 28, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" });
  const lines = svg("path", {});
  drawing.append(lines);
  style(drawing, { display: "block", margin: "auto" });
  const badge = document.createElement("span");
  style(badge, {
    position: "absolute", top: "-2px", right: "-2px", minWidth: "22px", height: "22px", boxSizing: "border-box", padding: "0 6px",
    borderRadius: "11px", background: "#b91c1c", color: "#fff", font: "600 12px/22px system-ui, sans-serif", display: "none",
  });
  button.append(drawing, badge);

  let frame = null;
  let loaded = false;
  let shown = false;

  function build() {
    frame = document.createElement("iframe");
    frame.src = `${home}?${new URLSearchParams({ lang: language, ...(referral && { ref: referral }) })}`;
    frame.title = words.chat;
    frame.allow = "clipboard-write";
    frame.onload = () => ((loaded = true), say());
    style(frame, { position: "fixed", border: 0, zIndex: 2147483001, background: "transparent", colorScheme: "normal" });
    document.body.append(frame);
  }

  function lay() {
    style(button, { display: shown && narrow.matches ? "none" : "block" });
    if (!frame) return;
    const whole = { inset: 0, width: "100%", height: "100%", borderRadius: 0, boxShadow: "none" };
    const window = {
      inset: "auto", bottom: "96px", [corner]: "20px", width: "400px", height: "min(680px, calc(100% - 116px))",
      borderRadius: "20px", boxShadow: "0 20px 60px rgba(15, 30, 40, .28)",
    };
    style(frame, { ...(narrow.matches ? whole : window), display: shown ? "block" : "none" });
  }

  const say = () => loaded && frame.contentWindow.postMessage({ prosa: shown }, home.origin);

  function count(number) {
    badge.textContent = number > 99 ? "99+" : number;
    style(badge, { display: number && !shown ? "block" : "none" });
  }

  function turn(on) {
    shown = on;
    if (on && !frame) build();
    button.setAttribute("aria-label", on ? words.close : words.open);
    button.setAttribute("aria-expanded", on);
    lines.setAttribute("d", on ? "m6 9 6 6 6-6" : "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4.1A2.5 2.5 0 0 1 4 13.5z");
    count(0);
    lay();
    say();
  }

  button.onclick = () => turn(!shown);
  narrow.onchange = lay;
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) return;
    if (event.data?.prosa === "close") turn(false), button.focus();
    else if (event.data?.prosa?.unread >= 0) count(event.data.prosa.unread);
  });

  const start = () => {
    document.body.append(button);
    turn(open !== undefined);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
