import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compileMessages } from "./scripts/messages.mjs";

compileMessages();

// Creating a DOM takes longer than running most logic tests, so only tests that need one get it.
const withDom = ["{src,scripts}/**/*.test.tsx", "{src,scripts}/**/*.dom.test.ts"];
// These leave state in modules that only a reload of the page would reset, such as an ended session or a frame that never comes, would
// find it, or replace a module that others have loaded.
const isolated = [
  "src/features/notifications/bell.test.tsx",
  "src/features/shell/palette.test.tsx",
  "src/features/tasks/components/empty-list.test.tsx",
  "src/features/tasks/components/follow-task.test.tsx",
  "src/features/tasks/components/quick-add-lines.test.tsx",
  "src/features/tasks/components/quick-add.test.tsx",
  "src/features/tasks/components/sections/section-add.test.tsx",
  "src/features/tasks/quick-add/reader.dom.test.ts",
  "src/features/tasks/replica/session-end.dom.test.ts",
  "src/features/tasks/view/due.dom.test.ts",
  "src/lib/address.dom.test.ts",
  "src/lib/session/leaving.dom.test.ts",
  "src/lib/use-late.dom.test.ts",
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
    // Opening a dialog can take seconds on a busy machine.
    testTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Expected times of day are those of this zone, wherever the tests run.
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
    // With `isolate: false`, test files share loaded modules and take a third of the time.
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
          exclude: isolated,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "isolated",
          ...dom,
          include: isolated,
        },
      },
    ],
  },
});
