"use client";

import { PageTitle } from "@/components/page-title";
import { Header } from "@/features/shell";
import { Trash } from "@/features/tasks/components/trash";
import * as words from "@/messages/common";

export default function TrashPage() {
  return (
    <>
      <PageTitle>{words.trash()}</PageTitle>
      <Header title={words.trash()} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-4xl px-3 pt-1 pb-16 lg:px-6">
          <Trash />
        </div>
      </div>
    </>
  );
}
