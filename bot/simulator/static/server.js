// The way to the server: sends what the person does, asks for what is drawn.
// Rule: the server draws all HTML, escaped; nothing is fetched but from the server itself.

export const { channel, epoch } = document.body.dataset;

const status = document.getElementById("status");

export function say(text) {
  status.textContent = text;
}

// what the server says to a deed: `ok`, and what was asked for or `why` not
export async function send(what) {
  try {
    const answer = await fetch("/local/send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, ...what }),
    });
    const result = await answer.json();
    const why = result.ok ? "" : result.errors?.join(" ") || `Not sent: ${result.error}`;
    say(why);
    return { ...result, why };
  } catch {
    say("The server does not answer. Is it still running?");
    return { ok: false, why: status.textContent };
  }
}

export async function ask(path, query = {}) {
  return fetch(`/local/${path}?${new URLSearchParams(query)}`);
}

// hands each answer of the live log to `show`, for as long as the page stands
export async function follow(version, show) {
  for (let seen = version; ; ) {
    try {
      const changes = await (await ask("events", { channel, epoch, after: seen })).json();
      if (changes.reload) return location.reload();
      show(changes);
      seen = changes.version;
    } catch {
      say("Waiting for the server …");
      await new Promise((resume) => setTimeout(resume, 2000));
    }
  }
}
