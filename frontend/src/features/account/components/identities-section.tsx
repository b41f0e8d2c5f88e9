"use client";

import { useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Section } from "@/features/settings";
import * as words from "@/messages/identities";
import { useProviders, useVisit, useWays } from "../api/identities";
import { ConfirmDialog } from "./confirm-dialog";
import { IdentityRow } from "./identity-row";
import { useGuard } from "./use-guard";

const never = () => () => {};
const linkInAddress = () => new URLSearchParams(location.search).get("link");

/** The accounts at providers that sign the user in. It is left out where there are neither providers nor accounts. */
export function IdentitiesSection() {
  const { data: ways } = useWays();
  const { data: offered } = useProviders();
  const visit = useVisit();
  const { guard, again, close } = useGuard();
  // A user who came by a provider, and has signed in since, is asked whether that account is to be linked.
  const wanted = useSyncExternalStore(never, linkInAddress, () => null);
  const [chosen, setAsked] = useState<string | null>();
  const asked = chosen === undefined ? wanted : chosen;

  const providers = offered?.providers ?? [];
  if (!ways || (providers.length === 0 && ways.identities.length === 0)) return null;
  const link = providers.find(({ id }) => id === asked);
  return (
    <Section title={words.linkedAccounts()} text={words.linkedAccountsText()}>
      {ways.identities.length > 0 ? (
        <ul
          aria-label={words.linkedAccounts()}
          className="divide-y divide-line rounded-xl border border-line bg-surface"
        >
          {ways.identities.map((identity) => (
            <IdentityRow key={identity.id} identity={identity} guard={guard} />
          ))}
        </ul>
      ) : (
        <p className="text-sm text-ink-2">{words.noneLinked()}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {providers.map((provider) => (
          <Button key={provider.id} disabled={visit.isPending} onClick={() => setAsked(provider.id)}>
            {words.link({ provider: provider.name })}
          </Button>
        ))}
      </div>
      <Dialog open={link !== undefined} onOpenChange={(open) => open || setAsked(null)}>
        {link ? (
          <DialogContent
            title={words.linkTitle({ provider: link.name })}
            description={words.linkText({ provider: link.name })}
          >
            <DialogActions>
              <DialogClose asChild>
                <Button>{words.notNow()}</Button>
              </DialogClose>
              <Button
                look="primary"
                onClick={() => {
                  setAsked(null);
                  void guard(() => visit.mutateAsync({ provider: link, purpose: "link" }));
                }}
              >
                {words.link({ provider: link.name })}
              </Button>
            </DialogActions>
          </DialogContent>
        ) : null}
      </Dialog>
      <ConfirmDialog then={again} onClose={close} />
    </Section>
  );
}
