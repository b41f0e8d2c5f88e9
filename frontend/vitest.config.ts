import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compileMessages } from "./scripts/messages.mjs";

compileMessages();

// A DOM takes longer to make than most tests of logic run.
const withDom = ["{src,scripts}/**/*.test.tsx", "{src,scripts}/**/*.dom.test.ts"];

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    // On a busy machine a dialog takes seconds to open, so tests wait for conditions.
    testTimeout: 120_000,
    // Times of day are told apart by the zone; tests must mean the same everywhere.
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: "logic",
          environment: "node",
          // Functions of what they are given: a file needs no modules of its own.
          isolate: false,
          include: ["{src,scripts}/**/*.test.ts"],
          exclude: withDom,
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "jsdom",
          environmentOptions: { jsdom: { url: "http://localhost:8080/" } },
          include: withDom,
          setupFiles: ["src/testing/setup.ts"],
        },
      },
    ],
  },
});
