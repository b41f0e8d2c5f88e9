import { afterEach, expect, test } from "vitest";
import { explain, Problem } from "@/lib/api/problem";
import { keysInWords } from "@/lib/keys/key-names";
import { formatDay, formatDayHeading, formatMonthHeading, startOfDay } from "@/lib/time/days";
import { describeLead } from "@/lib/time/lead";
import { tasksCompleted } from "@/messages/acts";
import { theField } from "@/messages/fields";
import { movedTo } from "@/messages/moreActs";
import { timeThere } from "@/messages/settings";
import { waiting } from "@/messages/shell";
import { changed } from "@/messages/undo";
import { languageStore } from "./language";
import { language } from "./locale";
import { formatList } from "./per-locale";

afterEach(() => languageStore.choose("en"));

test("days, durations, keys and problems follow the language of the page", async () => {
  const now = new Date(2026, 10, 23, 12).getTime();
  const said = () => [
    formatDay(startOfDay(now, 1), now),
    formatDay(startOfDay(now, 2), now),
    formatDayHeading(startOfDay(now), now),
    formatDayHeading(startOfDay(now, 2), now),
    formatMonthHeading(startOfDay(now)),
    describeLead("P1DT3H"),
    describeLead("PT0S"),
    keysInWords("mod+shift+d"),
    keysInWords("g t"),
    explain(new Problem(409, "", "This email is taken.", [], null, "conflict")),
    explain(new Problem(429, "", "Slow down.", [], 1, "rate-limited")),
    explain(new Problem(503, "", "No upstream.")),
    explain(new Problem(422, "", "This is too long.", [], null, "invalid")),
  ];
  await languageStore.choose("de");
  expect(said()).toEqual([
    "Morgen",
    "Mittwoch",
    "Heute · Montag, 23. November",
    "Mittwoch, 25. November",
    "November 2026",
    "1 Tag und 3 Stunden vorher",
    "Zur Fälligkeit",
    "Strg+Umschalt+D",
    "G, dann T",
    "Das geht gerade nicht: This email is taken.",
    "Zu viele Versuche. Versuche es in 1 Sekunde noch einmal.",
    "Der Server ist ausgelastet oder nicht verfügbar. Versuche es gleich noch einmal.",
    "This is too long.",
  ]);
  await languageStore.choose("es");
  expect(said().slice(0, 7)).toEqual([
    "Mañana",
    "miércoles",
    "Hoy · lunes, 23 de noviembre",
    "Miércoles, 25 de noviembre",
    "Noviembre de 2026",
    "1 día y 3 horas antes",
    "Cuando vence",
  ]);
  await languageStore.choose("en");
  expect(said().slice(9)).toEqual([
    "This email is taken.",
    "Slow down.",
    "No upstream.",
    "This is too long.",
  ]);
});

test("in Spanish what is completed agrees with the task and its subtasks", async () => {
  await languageStore.choose("es");
  const said = (count: number, subtasks: number) => tasksCompleted({ count, subtasks });
  expect([said(1, 0), said(1, 1), said(1, 2), said(3, 0), said(3, 1), said(3, 2)]).toEqual([
    "Tarea completada",
    "Tarea y 1 subtarea completadas",
    "Tarea y 2 subtareas completadas",
    "3 tareas completadas",
    "3 tareas y 1 subtarea completadas",
    "3 tareas y 2 subtareas completadas",
  ]);
});

test("in Spanish the time elsewhere is right at one o'clock too", async () => {
  await languageStore.choose("es");
  expect([timeThere({ time: "1:00" }), timeThere({ time: "2:00" })]).toEqual([
    "Hora allí: 1:00.",
    "Hora allí: 2:00.",
  ]);
});

test("in German one change waits in the singular", async () => {
  await languageStore.choose("de");
  expect([waiting({ count: 1 }), waiting({ count: 2 })]).toEqual(["1 wartet", "2 warten"]);
});

test("of two choices the later one is shown, whichever catalogue arrives last", async () => {
  const earlier = languageStore.choose("de");
  const later = languageStore.choose("en");
  expect(await Promise.all([earlier, later])).toEqual([false, true]);
  expect(language()).toBe("en");
  expect(waiting({ count: 2 })).toBe("2 waiting");
});

test("in Spanish what was undone or moved is right for one field and task, and for several", async () => {
  await languageStore.choose("es");
  const fields = formatList([theField({ field: "title" }), theField({ field: "tags" })]);
  expect(changed({ fields, count: 1, title: "Pan" })).toBe("cambios en «Pan» (el título y las etiquetas)");
  expect(changed({ fields: theField({ field: "tags" }), count: 2, title: "" })).toBe(
    "cambios en 2 tareas (las etiquetas)",
  );
  expect(movedTo({ project: "Casa" })).toBe("Ahora en Casa");
});
