// The live stream, by fetch, since EventSource cannot send the access token in a header.
import { resume, session } from "./api.js";

const wait = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

/** Hands every event to the handler of its name until signal aborts; comes back by itself, from where it was. */
export async function follow(signal, handlers) {
  let lastId = "";
  let retry = 2000;
  while (!signal.aborted) {
    try {
      const headers = { Authorization: `Bearer ${session.token}`, Accept: "text/event-stream" };
      if (lastId) headers["Last-Event-ID"] = lastId;
      const answer = await fetch("/api/stream/tasks", { headers, signal, cache: "no-store" });
      if (answer.status === 401) {
        await resume();
        continue;
      }
      if (answer.ok) {
        handlers.state("Live");
        const fresh = lastId === "";
        for await (const event of events(answer.body)) {
          if (event.retry) retry = event.retry;
          if (event.id) lastId = event.id;
          if (event.data) handlers[event.name]?.(JSON.parse(event.data), fresh);
        }
      }
    } catch (error) {
      if (error.status === 401) return handlers.ended();
    }
    if (signal.aborted) return;
    handlers.state("Connecting…");
    await wait(retry, signal);
  }
}

/** Reads server-sent events (WHATWG HTML, 9.2.6). */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (line === "") {
        yield event;
        event = {};
      } else if (field === "event") event.name = text;
      else if (field === "data") event.data = event.data ? `${event.data}\n${text}` : text;
      else if (field === "id") event.id = text;
      else if (field === "retry" && /^\d+$/.test(text)) event.retry = Number(text);
    }
  }
}
