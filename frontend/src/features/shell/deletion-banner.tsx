"use client";

import Link from "next/link";
import { formatDate } from "@/lib/time/days";
import * as words from "@/messages/shellLater";

/** Says on every page that the account will be deleted. */
export function DeletionBanner({ at }: { at: string }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-2 border-b border-line bg-danger-wash px-4 py-2 text-sm print:hidden"
    >
      <span>
        {words.willBeDeleted({
          date: formatDate(new Date(at)),
          time: (date) => <time dateTime={at}>{date}</time>,
        })}
      </span>
      <Link href="/settings/data" prefetch={false} className="font-medium underline underline-offset-2">
        {words.keepAccount()}
      </Link>
    </div>
  );
}
