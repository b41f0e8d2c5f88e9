import type { ReactNode } from "react";
import { Brand } from "@/components/brand";
import { Preview } from "@/features/auth/preview";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col px-6 py-8 sm:px-10">
        <Brand />
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">{children}</main>
      </div>
      <aside className="hidden border-s border-line bg-sunken lg:grid lg:place-items-center" aria-hidden>
        <Preview />
      </aside>
    </div>
  );
}
