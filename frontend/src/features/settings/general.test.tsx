import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { account, problem, server } from "@/testing/server";
import { toastShown } from "@/testing/toasts";
import { languageStore } from "@/lib/words/language";
import { useLanguage } from "@/lib/words/use-language";
import type { Usage } from "./api/get-usage";
import { GeneralSettings } from "./components/general";
import type { Preferences } from "./preferences";
import { zoneGroups } from "./zones";

let kept: Preferences;
const puts: Preferences[] = [];
let usage: Usage;

afterEach(() => languageStore.choose("en"));

beforeEach(() => {
  usage = { tasks: 80, max_tasks: 100, bytes: 1000, max_bytes: 100_000 };
  puts.length = 0;
  kept = {
    timezone: "UTC",
    reminder_lead: "PT1H",
    overdue_reminders: true,
    week_start: "monday",
    day_start: "09:00",
  };
  server.use(
    http.get("*/api/auth/me", () => HttpResponse.json({ ...account, name: "Ada Lovelace" })),
    http.get("*/api/todos/usage", () => HttpResponse.json(usage)),
    http.get("*/api/preferences", () => HttpResponse.json(kept)),
    http.put("*/api/preferences", async ({ request }) => {
      kept = (await request.json()) as Preferences;
      puts.push(kept);
      return HttpResponse.json(kept);
    }),
  );
});

test("each change is saved with all the others", async () => {
  const { user } = renderSignedIn(<GeneralSettings />);
  expect(await screen.findByText("Ada Lovelace")).toBeVisible();
  await user.selectOptions(await screen.findByLabelText("Remind me"), "P1D");
  await user.click(screen.getByRole("switch", { name: "Remind me of overdue tasks" }));
  await user.selectOptions(screen.getByLabelText("The week begins on"), "sunday");
  await user.click(screen.getByRole("button", { name: "Use this time zone" }));
  const all = {
    timezone: "Europe/Berlin",
    reminder_lead: "P1D",
    overdue_reminders: false,
    week_start: "sunday",
    day_start: "09:00",
  };
  await waitFor(() => expect(kept).toEqual(all));
  expect(puts).toHaveLength(4);
  expect(screen.getByLabelText("Time zone")).toHaveValue("Europe/Berlin");
  expect(screen.queryByRole("button", { name: "Use this time zone" })).toBeNull();
});

test("a change keeps what another device has changed since", async () => {
  const { user } = renderSignedIn(<GeneralSettings />);
  const lead = await screen.findByLabelText("Remind me");
  kept = { ...kept, timezone: "Asia/Tokyo" };
  await user.selectOptions(lead, "P1D");
  await waitFor(() => expect(puts).toEqual([{ ...kept, timezone: "Asia/Tokyo", reminder_lead: "P1D" }]));
  await waitFor(() => expect(screen.getByLabelText("Time zone")).toHaveValue("Asia/Tokyo"));
});

/** The page, which is rendered anew in another language. */
function Page() {
  return <GeneralSettings key={useLanguage()} />;
}

test("the choice of a language keeps the focus", async () => {
  const { user } = renderSignedIn(<Page />);
  await user.selectOptions(await screen.findByLabelText("Language"), "de");
  await waitFor(() => expect(screen.getByLabelText("Sprache")).toHaveFocus());
});

test("what is refused is put back and said", async () => {
  server.use(http.put("*/api/preferences", () => problem(503, "the database is away")));
  const { user } = renderSignedIn(<GeneralSettings />);
  const lead = await screen.findByLabelText("Remind me");
  await user.selectOptions(lead, "P1D");
  await toastShown("the database is away");
  await waitFor(() => expect(lead).toHaveValue("PT1H"));
});

test("a lead from elsewhere can be chosen, and stays", async () => {
  kept.reminder_lead = "PT45M";
  renderSignedIn(<GeneralSettings />);
  expect(await screen.findByDisplayValue("45 minutes before")).toBeVisible();
});

test("every zone is in one group, also one that the browser lacks", () => {
  const ids = zoneGroups("Nowhere/Land", "").flatMap((group) => group.zones.map((zone) => zone.id));
  expect(ids).toContain("Nowhere/Land");
  expect(ids).toContain("UTC");
  expect(new Set(ids).size).toBe(ids.length);
});

test("an empty beginning of the day is put back, and another device does not replace one that is typed", async () => {
  const { user, client } = renderSignedIn(<GeneralSettings />);
  const start = await screen.findByLabelText("Your day begins at");
  await user.clear(start);
  await user.tab();
  expect(start).toHaveValue("09:00");

  start.focus();
  fireEvent.change(start, { target: { value: "10:30" } });
  kept = { ...kept, day_start: "08:00", week_start: "sunday" };
  await client.invalidateQueries();
  await waitFor(() => expect(screen.getByLabelText("The week begins on")).toHaveValue("sunday"));
  expect(start).toHaveFocus();
  expect(start).toHaveValue("10:30");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(puts.map(({ day_start }) => day_start)).toEqual(["10:30"]));
  expect(start).toHaveValue("10:30");
});

test("usage is shown once it is near a limit", async () => {
  const { unmount } = renderSignedIn(<GeneralSettings />);
  expect(await screen.findByText("Ada Lovelace")).toBeVisible();
  expect(screen.queryByText("Usage")).toBeNull();
  unmount();
  usage = { ...usage, tasks: 81 };
  renderSignedIn(<GeneralSettings />);
  expect(await screen.findByText("81 of 100")).toBeVisible();
  expect(screen.queryByText("Titles, descriptions and comments")).toBeNull();
});

test("the limit of texts says that comments count", async () => {
  usage = { ...usage, bytes: usage.max_bytes };
  renderSignedIn(<GeneralSettings />);
  expect(await screen.findByText("Titles, descriptions and comments")).toBeVisible();
});
