import { QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { account, sessionAnswer } from "@/testing/server";
import { clearForAnother, makeQueryClient } from "./query-client";
import { session } from "./session/session";

const bob = { ...account, id: "019aa8ef-2000-7b20-9c3d-4e5f60718293", email: "bob@example.org", name: "Bob" };
const cached = ["tokens"];
let stop = () => {};

afterEach(() => {
  stop();
  session.leave();
});

/** A cache with a response for Ada. */
function ofAda() {
  session.leave();
  session.enter(sessionAnswer());
  const client = makeQueryClient();
  stop = clearForAnother(client);
  client.setQueryData(cached, "Ada's");
  return client;
}

test("what was cached for one user is not there for another who signs in without a sign-out", () => {
  const client = ofAda();
  session.enter({ ...sessionAnswer("token-2"), user: bob });
  expect(client.getQueryData(cached)).toBeUndefined();
});

test("what is on the page is fetched again for another user", async () => {
  const observer = new QueryObserver(ofAda(), {
    queryKey: ["me"],
    queryFn: () => session.getState().account?.name ?? null,
  });
  const unsubscribe = observer.subscribe(() => {});
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("Ada"));
  session.enter({ ...sessionAnswer("token-2"), user: bob });
  expect(observer.getCurrentResult().data).toBeUndefined();
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("Bob"));
  unsubscribe();
});

test("a sign-out clears what was cached", () => {
  const client = ofAda();
  session.leave();
  expect(client.getQueryData(cached)).toBeUndefined();
});

test("a new token or name of the same user leaves the cache", () => {
  const client = ofAda();
  session.enter({ ...sessionAnswer("token-2"), user: { ...account, name: "Ada Lovelace" } });
  expect(client.getQueryData(cached)).toBe("Ada's");
});
