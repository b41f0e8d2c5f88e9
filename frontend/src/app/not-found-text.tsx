import { Mark } from "@/components/brand";
import { PageTitle } from "@/components/page-title";
import * as words from "@/messages/notFound";

export function NotFoundText() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <PageTitle>{words.title()}</PageTitle>
      <div>
        <Mark className="mx-auto mb-5 size-12" />
        <h1 className="text-2xl font-semibold">{words.heading()}</h1>
        <p className="mt-2 text-ink-2">{words.text()}</p>
        {/* With next/link, this page would add 3 kB to the first load of every other. */}
        {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
        <a
          href="/"
          className="mt-6 inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-accent-ink"
        >
          {words.toTasks()}
        </a>
      </div>
    </main>
  );
}
