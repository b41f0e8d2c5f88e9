import { render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { languageStore } from "./language";
import { useLanguage } from "./use-language";
import { useOnceShown } from "./use-once-shown";

afterEach(() => languageStore.choose("en"));

test("what is done once is not done for the rendering that another language replaces", async () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE"]);
  const did = vi.fn();
  function Page({ language }: { language: string }) {
    useOnceShown(() => did(language));
    return null;
  }
  function App() {
    const language = useLanguage();
    return <Page key={language} language={language} />;
  }
  const stop = languageStore.watch();
  render(<App />);
  await vi.waitFor(() => expect(did).toHaveBeenCalled(), { timeout: 30_000 });
  expect(did.mock.calls).toEqual([["de"]]);
  stop();
});

test("another language that another tab has chosen waits while something is written", async () => {
  const stop = languageStore.watch();
  await languageStore.ready();
  document.body.innerHTML = '<textarea aria-label="New task">Half a thought</textarea>';
  localStorage.setItem("taskwire.language", "de");
  window.dispatchEvent(new StorageEvent("storage", { key: "taskwire.language", newValue: "de" }));
  await vi.dynamicImportSettled();
  expect(document.documentElement.lang).toBe("en");
  document.body.innerHTML = "";
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => expect(document.documentElement.lang).toBe("de"), { timeout: 30_000 });
  stop();
});
