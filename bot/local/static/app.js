// The page's only script: sends what the person does, and shows what comes back.
// Rule: the server draws all HTML, escaped; nothing is fetched but from the server itself.

const { channel, epoch } = document.body.dataset;
const log = document.getElementById("log");
const line = document.getElementById("line");
const status = document.getElementById("status");
const modal = document.getElementById("modal");
let version = Number(document.body.dataset.version);

async function send(what) {
  try {
    const answer = await fetch("/local/send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, ...what }),
    });
    const result = await answer.json();
    status.textContent = result.ok ? "" : `Not sent: ${result.error}`;
    return result;
  } catch {
    status.textContent = "The server does not answer. Is it still running?";
    return { ok: false };
  }
}

function drawn(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function show({ id, html }) {
  const old = document.getElementById(`m-${id}`);
  if (html === null) {
    old?.remove();
  } else if (old) {
    const entry = drawn(html);
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(entry);
    // whoever pressed a button with the keyboard goes on from the answer, not from the top of the page
    if (hadFocus) focusOn(entry);
  } else {
    const entry = drawn(html);
    log.append(entry);
    // the start of a long answer stays in sight
    entry.scrollIntoView({ block: entry.offsetHeight > log.clientHeight * 0.8 ? "start" : "end" });
  }
}

function focusOn(entry) {
  entry.tabIndex = -1;
  entry.focus();
}

function showModal(html) {
  modal.innerHTML = html;
  if (html && !modal.open) modal.showModal();
  if (!html && modal.open) modal.close();
}

function showHome(html) {
  const home = document.getElementById("home");
  if (home) home.innerHTML = html;
}

function showPanel({ prompts, status: doing }) {
  const list = document.getElementById("prompts");
  if (!list) return;
  list.replaceChildren(...prompts.map(suggestion));
  document.getElementById("doing").textContent = doing;
}

function suggestion({ title, message }) {
  const button = document.createElement("button");
  Object.assign(button, { className: "hint", type: "button", textContent: title });
  button.dataset.prompt = message;
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function follow() {
  for (;;) {
    try {
      const query = new URLSearchParams({ channel, epoch, after: version });
      const changes = await (await fetch(`/local/events?${query}`)).json();
      if (changes.reload) return location.reload();
      changes.messages.forEach(show);
      if ("modal" in changes) showModal(changes.modal);
      if ("home" in changes) showHome(changes.home);
      if ("panel" in changes) showPanel(changes.panel);
      version = changes.version;
    } catch {
      status.textContent = "Waiting for the server …";
      await new Promise((resume) => setTimeout(resume, 2000));
    }
  }
}

function act(target, chosen = null) {
  const { ts, view, block, action } = target.dataset;
  return send({ do: "act", ts, view, block, action, chosen });
}

const history = [];
let back = 0;

document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = line.value;
  if (!text.trim()) return;
  history.push(text);
  back = 0;
  line.value = "";
  send({ do: "type", text });
});

line.addEventListener("keydown", (event) => {
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  back = Math.max(0, Math.min(history.length, back + step));
  line.value = back ? history[history.length - back] : "";
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-command], [data-prompt], [data-shortcut], [data-close], a[data-action], button[data-action]");
  if (!target) return;
  if (target.dataset.command) {
    line.value = `${target.dataset.command} `;
    line.focus();
  } else if (target.dataset.prompt) {
    send({ do: "type", text: target.dataset.prompt });
  } else if (target.dataset.shortcut) {
    target.closest("details").open = false;
    send({ do: "shortcut", ts: target.dataset.ts, shortcut: target.dataset.shortcut });
  } else if ("close" in target.dataset) {
    send({ do: "close", view: target.form.dataset.view });
  } else {
    act(target);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-block]") && event.target.value) act(event.target, event.target.value);
});

modal.addEventListener("cancel", (event) => {
  event.preventDefault();
  send({ do: "close", view: modal.querySelector("form").dataset.view });
});

modal.addEventListener("submit", async (event) => {
  event.preventDefault();
  const values = {};
  for (const input of modal.querySelectorAll("[data-input]")) {
    values[`${input.dataset.input} ${input.dataset.action}`] = input.value;
  }
  const { errors = {} } = await send({ do: "submit", view: event.target.dataset.view, values });
  for (const place of modal.querySelectorAll("[data-error]")) {
    place.textContent = errors[place.dataset.error] ?? "";
  }
});

const homeTab = document.getElementById("home-tab");
homeTab?.addEventListener("toggle", () => {
  if (homeTab.open) send({ do: "home" });
});
if (homeTab) send({ do: "panel" });

if (modal.firstElementChild) modal.showModal();
log.lastElementChild.scrollIntoView({ block: "end" });
follow();
