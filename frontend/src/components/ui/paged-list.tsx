import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { explain } from "@/lib/api/problem";
import { tryAgain } from "@/messages/common";
import { older } from "@/messages/pagedList";
import { Button } from "./button";
import { useRowFocus } from "./use-row-focus";

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
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const rowFocus = useRowFocus();
  if (isPending) return waiting;
  const again = () => void (query.isFetchNextPageError ? fetchNextPage() : query.refetch());
  return (
    <>
      {items.length > 0 ? (
        <ul {...rowFocus} aria-label={name} className="divide-y divide-line">
          {items.map(children)}
        </ul>
      ) : error ? null : (
        nothing
      )}
      {error ? (
        <div className="space-y-3 border-t border-line px-6 py-6 text-center first:border-t-0">
          <p role="alert" className="text-ink-2">
            {explain(error)}
          </p>
          <Button size="sm" disabled={isFetching} onClick={again}>
            {tryAgain()}
          </Button>
        </div>
      ) : hasNextPage ? (
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
