import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { older } from "@/messages/pagedList";
import { explain } from "@/lib/api/problem";
import { Button } from "./button";

interface PagedListProps<T> {
  name: string;
  query: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  /** Shown while the first page loads. */
  waiting: ReactNode;
  /** Shown if the list is empty. */
  nothing: ReactNode;
  children: (item: T) => ReactNode;
}

/** A paged list, newest first. */
export function PagedList<T>({ name, query, waiting, nothing, children }: PagedListProps<T>) {
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending) return waiting;
  if (error && items.length === 0) {
    return <p className="px-6 py-10 text-center text-ink-2">{explain(error)}</p>;
  }
  return (
    <>
      {items.length === 0 ? (
        nothing
      ) : (
        <ul aria-label={name} className="divide-y divide-line">
          {items.map(children)}
        </ul>
      )}
      {hasNextPage ? (
        <div className="border-t border-line p-2">
          <Button
            look="ghost"
            className="w-full"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {older()}
          </Button>
        </div>
      ) : null}
    </>
  );
}
