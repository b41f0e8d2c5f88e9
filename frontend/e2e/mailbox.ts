import { expect } from "@playwright/test";
import { stack } from "./operator";

interface Found {
  messages: { ID: string }[];
}

/** The link in the newest mail to an address, which the stack's Mailpit has caught. */
export async function linkTo(address: string): Promise<string> {
  const { mail_url } = JSON.parse(await stack("values")) as { mail_url: string };
  const get = async <T>(path: string) => (await (await fetch(mail_url + path)).json()) as T;
  const search = `/api/v1/search?query=${encodeURIComponent(`to:${address}`)}`;
  let newest: string | undefined;
  await expect
    .poll(async () => (newest = (await get<Found>(search)).messages[0]?.ID), { timeout: 60_000 })
    .toBeTruthy();
  const { Text } = await get<{ Text: string }>(`/api/v1/message/${newest}`);
  const link = /https?:\S+\/reset#\S+/.exec(Text)?.[0];
  if (!link) throw new Error(`no link in ${Text}`);
  return link;
}
