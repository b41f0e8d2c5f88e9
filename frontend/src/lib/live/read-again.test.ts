import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { readAgain } from "./read-again";

test.each(["for the first time", "again"])(
  "a change during a read that is made %s is not missed",
  async (when) => {
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const answers: ((answer: string) => void)[] = [];
    const observer = new QueryObserver(queries, {
      queryKey: ["history", 1],
      queryFn: () => new Promise<string>((answer) => answers.push(answer)),
    });
    const stop = observer.subscribe(() => {});
    if (when === "again") {
      answers[0]!("before");
      await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("before"));
      void readAgain(queries, ["history"]);
      await vi.waitFor(() => expect(answers).toHaveLength(2));
    }
    const reads = answers.length;
    void readAgain(queries, ["history"]);
    await vi.waitFor(() => expect(answers).toHaveLength(reads + 1));
    answers[reads - 1]!("before");
    answers[reads]!("after");
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("after"));
    stop();
    queries.clear();
  },
);
