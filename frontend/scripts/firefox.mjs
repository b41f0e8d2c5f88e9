#!/usr/bin/env node
// Starts Firefox for Playwright, which knows commands of WebDriver BiDi that a release of Firefox does not know yet. Those of
// them that a test can do without are answered here; everything else goes through unchanged.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";

/** A test that needs the dark theme or less motion asks for it in another way, or is left out. */
const withoutEffect = new Set(["emulation.setMediaFeaturesOverride"]);

const firefox = spawn(process.env.FIREFOX ?? "/usr/bin/firefox-esr", process.argv.slice(2), {
  stdio: ["ignore", "inherit", "pipe"],
});
firefox.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => firefox.kill(signal));

for await (const line of createInterface({ input: firefox.stderr })) {
  const address = /WebDriver BiDi listening on (ws:\/\/.*)$/.exec(line)?.[1];
  console.error(address ? `WebDriver BiDi listening on ${await between(address)}` : line);
}

/** The address of a server that stands between Playwright and the browser. */
async function between(browser) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (playwright, { url }) => {
    const session = new WebSocket(browser + url, { perMessageDeflate: false, maxPayload: 0 });
    const opened = new Promise((resolve) => session.once("open", resolve));
    session.on("message", (message) => playwright.send(String(message)));
    session.on("close", () => playwright.close());
    session.on("error", () => playwright.close());
    playwright.on("close", () => session.close());
    playwright.on("message", async (message) => {
      await opened;
      const { id, method } = JSON.parse(String(message));
      if (withoutEffect.has(method)) playwright.send(JSON.stringify({ type: "success", id, result: {} }));
      else session.send(String(message));
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${server.address().port}`;
}
