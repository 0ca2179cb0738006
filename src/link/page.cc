#include "link/page.h"

#include <string>
#include <string_view>

#include "base/base64.h"
#include "tls/digest.h"

namespace wscope::link {
namespace {

constexpr std::string_view style = R"(
  :root { color-scheme: light dark }
  * { box-sizing: border-box; font: inherit }
  html { font: 16px/1.4 system-ui, sans-serif }
  body { display: flex; flex-direction: column; gap: .5rem; max-width: 60rem; height: 100vh; height: 100dvh;
    margin: auto; padding: .5rem }
  h1 { font-weight: bold; margin: 0 }
  header, form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
  label { display: flex; gap: .4rem; align-items: center }
  .wide { flex: 1 1 12rem }
  input, select, textarea, button { min-height: 2.5rem; padding: .3rem .5rem; max-width: 100% }
  input, textarea { flex: 1; min-width: 0 }
  input[type=checkbox] { flex: none; width: 1.2rem }
  #code { width: 6rem }
  textarea, #log { font-family: ui-monospace, monospace }
  textarea { resize: vertical }
  #log { flex: 1; min-height: 6rem; overflow: auto; margin: 0; padding: .5rem; list-style: none;
    border: 1px solid GrayText; white-space: pre-wrap; overflow-wrap: anywhere }
  #log .note { opacity: .75 }
  #log .out { border-left: .3rem solid Highlight; padding-left: .3rem }
  #file { position: absolute; width: 1px; height: 1px; opacity: 0; min-height: 0 }
  #file:focus-visible + label { outline: 2px solid Highlight }
  .button { border: 1px solid GrayText; border-radius: .3rem; padding: .3rem .6rem; min-height: 2.5rem; cursor: pointer }
)";

constexpr std::string_view body = R"(
<header><h1>wscope</h1><span id="state" role="status"></span></header>
<form id="connection">
<label class="wide">URL <input id="url" inputmode="url" autocomplete="off" spellcheck="false"></label>
<button>Connect</button>
<label><input type="checkbox" id="again">Reconnect</label>
</form>
<ol id="log" role="log" aria-label="Messages" tabindex="0"></ol>
<form id="message">
<label class="wide">Message <textarea id="line" rows="1" autofocus aria-describedby="keys"></textarea></label>
<label>as <select id="kind"><option value="text">text<option value="hex">binary (hex)</select></label>
<button id="send">Send</button>
<input type="file" id="file"><label class="button" for="file">Send a file</label>
</form>
<form id="closing">
<label>Close code <input id="code" type="number" value="1000" min="1000" max="4999" list="codes"></label>
<datalist id="codes"><option value="1000"><option value="3000"><option value="4000"></datalist>
<label class="wide">Reason <input id="reason" autocomplete="off"></label>
<button id="close">Close</button>
<button id="clear" type="button">Clear</button>
<small id="keys">Enter sends, Shift+Enter begins a line, &uarr; brings back what was sent.</small>
</form>
)";

constexpr std::string_view script = R"(
"use strict";
const [log, line, url, state, again] = ["log", "line", "url", "state", "again"].map(id => document.getElementById(id));
const at = id => document.getElementById(id);
const most = 1000, sent = [];
let socket, timer, pause = 1, back = 0;

const show = (kind, text) => {
  const end = log.scrollTop + log.clientHeight > log.scrollHeight - 50;
  const row = log.appendChild(document.createElement("li"));
  row.className = kind;
  row.textContent = ({ in: "< ", out: "> ", note: "" })[kind] + text;
  if (log.childElementCount > most) log.firstElementChild.remove();
  if (end) log.scrollTop = log.scrollHeight;
};
const tell = text => show("note", state.textContent = text);
const hex = byte => byte.toString(16).padStart(2, "0");
const dump = bytes => {
  const width = innerWidth < 700 ? 8 : 16, shown = bytes.subarray(0, 1024);
  let text = bytes.length + " bytes";
  for (let i = 0; i < shown.length; i += width) {
    const row = [...shown.subarray(i, i + width)];
    text += "\n" + i.toString(16).padStart(4, "0") + "  " + row.map(hex).join(" ").padEnd(3 * width + 1) + "|" +
      row.map(byte => byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".").join("") + "|";
  }
  return text + (shown.length < bytes.length ? "\n… " + (bytes.length - shown.length) + " bytes more" : "");
};
const refresh = () => {
  const open = socket && socket.readyState === WebSocket.OPEN;
  at("send").disabled = at("close").disabled = at("file").disabled = !open;
};

const connect = () => {
  clearTimeout(timer);
  if (socket) {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
  tell("connecting to " + url.value);
  try {
    socket = new WebSocket(url.value);
  } catch (error) {
    socket = null;
    tell(error.message);
    return refresh();
  }
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    pause = 1;
    tell("connected to " + socket.url);
    refresh();
  };
  socket.onmessage = ({ data }) => show("in", typeof data === "string" ? data : dump(new Uint8Array(data)));
  socket.onclose = event => {
    tell(`closed: ${event.code}${event.reason && " " + event.reason}${event.wasClean ? "" : ", without a Close"}`);
    refresh();
    if (!again.checked) return;
    timer = setTimeout(connect, pause * 1000);
    pause = Math.min(2 * pause, 30);
  };
  refresh();
};

const send = (data, text) => {
  if (!socket || socket.readyState !== WebSocket.OPEN) return tell("not connected");
  socket.send(data);
  show("out", text);
  return true;
};
const sendLine = () => {
  const text = line.value;
  let done;
  if (at("kind").value === "text") {
    done = send(text, text);
  } else {
    const digits = text.replace(/0x|[\s,:]/gi, "");
    if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) return tell("not pairs of hexadecimal digits");
    const bytes = Uint8Array.from(digits.match(/../g) || [], pair => parseInt(pair, 16));
    done = send(bytes, dump(bytes));
  }
  if (!done) return;
  back = sent.push(text);
  line.value = "";
};

const on = (id, name, act) => at(id).addEventListener(name, event => act(event));
const submit = (id, act) => on(id, "submit", event => {
  event.preventDefault();
  act();
});
submit("connection", connect);
submit("message", () => {
  sendLine();
  line.focus();
});
submit("closing", () => {
  try {
    socket.close(Number(at("code").value), at("reason").value);
    tell("closing");
  } catch (error) {
    tell(error.message);
  }
});
on("again", "change", () => again.checked || clearTimeout(timer));
on("clear", "click", () => log.replaceChildren());
on("file", "change", () => {
  for (const file of at("file").files) send(file, `${file.name}, ${file.size} bytes`);
  at("file").value = "";
});
on("line", "keydown", event => {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    sendLine();
  }
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || (line.value && line.value !== sent[back]) || !sent.length) return;
  event.preventDefault();
  back = Math.max(0, Math.min(sent.length, back + step));
  line.value = sent[back] || "";
});
const path = document.body.dataset.path;
const here = path ? location.origin + path : location.href;
url.value = here.replace(/^http/, "ws").replace(/#.*/, "");
connect();
)";

std::string body_tag(std::string_view path) {
  if (path.empty()) return "<body>";
  std::string tag = "<body data-path=\"";
  for (const char c : path) {
    if (c == '"') {
      tag += "&quot;";
    } else if (c == '&') {
      tag += "&amp;";
    } else {
      tag += c;
    }
  }
  return tag + "\">";
}

std::string page(std::string_view path) {
  std::string text = R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>wscope</title>
<style>)";
  text.append(style)
      .append("</style>\n")
      .append(body_tag(path))
      .append(body)
      .append("<script>")
      .append(script)
      .append("</script>\n");
  return text;
}

// A browser obeys no other style or script on the page: their digests are in its policy.
std::string digest_source(std::string_view text) {
  return "'sha256-" + base::base64_encode(tls::sha256(base::as_bytes(text))) + "'";
}

http::Headers page_headers() {
  return {{"Content-Type", "text/html; charset=utf-8"},
          {"Cache-Control", "no-store"},
          {"Content-Security-Policy", "default-src 'none'; script-src " + digest_source(script) + "; style-src " +
                                          digest_source(style) +
                                          "; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                                          "frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Referrer-Policy", "no-referrer"}};
}

}  // namespace

Answer page_answer(std::string_view path) { return {200, page_headers(), page(path)}; }

}  // namespace wscope::link
