import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** What one press opens. */
const pages = ["/", "/projects", "/trash", "/settings"];
/** When the first page is likely to be complete, in milliseconds. */
const settled = 1500;

/** Fetches ahead what other pages are made of, so that the first visit of each waits for no response. */
export function usePrefetchedPages(signedIn: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!signedIn) return;
    const timer = setTimeout(() => pages.forEach((page) => router.prefetch(page)), settled);
    return () => clearTimeout(timer);
  }, [signedIn, router]);
}
