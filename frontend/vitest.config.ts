import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compileMessages } from "./scripts/messages.mjs";

compileMessages();

// A DOM takes longer to make than most tests of logic run.
const withDom = ["{src,scripts}/**/*.test.tsx", "{src,scripts}/**/*.dom.test.ts"];
/** Tests of what happens once in a page, such as the end of the session: each file needs modules of its own. */
const oncePerPage = [
  "src/features/notifications/bell.test.tsx",
  "src/features/tasks/replica/session-end.dom.test.ts",
];
const dom = {
  environment: "jsdom",
  environmentOptions: { jsdom: { url: "http://localhost:8080/" } },
  setupFiles: ["src/testing/setup.ts"],
};

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    // On a busy machine a dialog takes seconds to open, so tests wait for conditions.
    testTimeout: 120_000,
    // Times of day are told apart by the zone; tests must mean the same everywhere.
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
    // Files that share their modules (`isolate: false`) take a third of the time.
    projects: [
      {
        extends: true,
        test: {
          name: "logic",
          environment: "node",
          isolate: false,
          include: ["{src,scripts}/**/*.test.ts"],
          exclude: withDom,
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          ...dom,
          include: withDom,
          exclude: oncePerPage,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          ...dom,
          include: oncePerPage,
        },
      },
    ],
  },
});
