"use client";

import { PageTitle } from "@/components/page-title";
import { UsersPage } from "@/features/users/components/users-page";
import * as words from "@/messages/shell";

export default function AdminUsersPage() {
  return (
    <>
      <PageTitle>{words.users()}</PageTitle>
      <UsersPage />
    </>
  );
}
