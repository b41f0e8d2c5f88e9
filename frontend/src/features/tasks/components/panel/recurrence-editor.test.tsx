import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { RecurrenceEditor } from "./recurrence-editor";

test("a series in another zone has the days of that zone", async () => {
  server.use(
    http.get("*/api/preferences", () => HttpResponse.json({ week_start: "monday" })),
    http.post("*/api/todos/recurrence-preview", () => HttpResponse.json({ occurrences: [] })),
  );
  const task = makeTask({
    due_at: "2026-12-31T15:30:00Z", // in Tokyo it is Friday, 1 January
    timezone: "Asia/Tokyo",
    recurrence: { rrule: "FREQ=MONTHLY", mode: "schedule" },
  });
  const { user } = renderSignedIn(<RecurrenceEditor task={task} onDone={() => {}} />);
  const days = [...screen.getByRole<HTMLSelectElement>("combobox", { name: "On which day" }).options];
  expect(days.map((day) => day.text)).toEqual([
    "On the 1st",
    "On the first Friday",
    "On the last Friday",
    "On the last day",
  ]);
  await user.selectOptions(screen.getByRole("combobox", { name: "Ends" }), "until");
  expect(screen.getByLabelText("Last day")).toHaveValue("2028-01-01");
});
