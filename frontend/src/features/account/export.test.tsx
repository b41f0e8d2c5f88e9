import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { ExportSection } from "./components/export-section";

let saved: Blob[] = [];

beforeEach(() => {
  saved = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  URL.createObjectURL = (content) => {
    saved.push(content as Blob);
    return "blob:archive";
  };
});
afterEach(() => vi.restoreAllMocks());

const headers = {
  ETag: '"a"',
  "Content-Location": "/api/export?as_of=7",
  "Content-Disposition": 'attachment; filename="taskwire-2026-11-27.zip"',
};

test("an archive that takes several requests to make is waited for", async () => {
  let asked = 0;
  server.use(
    http.get("*/api/export", () => {
      asked++;
      if (asked <= 8)
        return HttpResponse.json(
          { type: "https://taskwire.dev/problems/preparing", title: "Not ready yet", status: 503 },
          { status: 503, headers: { "Retry-After": "0.001" } },
        );
      return HttpResponse.text("archive", { headers: { ...headers, "Content-Length": "7" } });
    }),
  );
  const { user } = renderSignedIn(<ExportSection />);
  await user.click(await screen.findByRole("button", { name: "Export my data" }));
  expect(await screen.findByText(/taskwire-2026-11-27.zip/)).toBeVisible();
  expect(asked).toBe(9);
  expect(saved.map(({ size }) => size)).toEqual([7]);
});
