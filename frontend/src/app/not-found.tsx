import { Mark } from "@/components/brand";
import Link from "next/link";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <title>Not found · Taskwire</title>
      <div>
        <Mark className="mx-auto mb-5 size-12" />
        <h1 className="text-2xl font-semibold">There is nothing here</h1>
        <p className="mt-2 text-ink-2">The address may be wrong, or the page no longer exists.</p>
        <Link
          href="/"
          className="mt-6 inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-accent-ink"
        >
          To your tasks
        </Link>
      </div>
    </main>
  );
}
