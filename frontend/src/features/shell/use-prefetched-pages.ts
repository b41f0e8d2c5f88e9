import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** The pages that a click or a key opens from anywhere. */
const pages = ["/", "/projects", "/trash", "/settings"];
/** Milliseconds after which the first page has usually finished loading. */
const settled = 1500;

/** Prefetches these pages, so that the first visit to one does not wait for the network. */
export function usePrefetchedPages(signedIn: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!signedIn) return;
    const timer = setTimeout(() => pages.forEach((page) => router.prefetch(page)), settled);
    return () => clearTimeout(timer);
  }, [signedIn, router]);
}
