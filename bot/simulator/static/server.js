// Requests to the server: send the user's actions, fetch HTML and changes.
// Rule: the server renders and escapes all HTML. The page makes requests to this server only.

export const { channel, epoch } = document.body.dataset;

const status = document.getElementById("status");

function showStatus(text) {
  status.textContent = text;
}

// send an action; return `ok` with the result, or `why` it failed
export async function send(action) {
  try {
    const answer = await fetch("/local/send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, ...action }),
    });
    const result = await answer.json();
    const why = result.ok ? "" : result.errors?.join(" ") || `Not sent: ${result.error}`;
    showStatus(why);
    return { ...result, why };
  } catch {
    showStatus("The server isn't responding. Is it still running?");
    return { ok: false, why: status.textContent };
  }
}

export async function fetchLocal(path, query = {}) {
  return fetch(`/local/${path}?${new URLSearchParams(query)}`);
}

// long polling: pass each set of changes to `showChanges`, until the page is closed
export async function follow(version, showChanges) {
  for (let seenVersion = version; ; ) {
    try {
      const changes = await (await fetchLocal("events", { channel, epoch, after: seenVersion })).json();
      if (changes.reload) return location.reload();
      showChanges(changes);
      seenVersion = changes.version;
    } catch {
      showStatus("Waiting for the server…");
      await new Promise((resume) => setTimeout(resume, 2000));
    }
  }
}
