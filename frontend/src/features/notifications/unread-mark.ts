import { showBadge } from "@/lib/app-badge";

const mark = /^\(\d+\+?\) /;

/** Shows the number of unread notifications in the page's title and on the installed app's icon. */
export function markUnread(unread: number): () => void {
  const prefix = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
  const show = () => {
    const title = prefix + document.title.replace(mark, "");
    if (document.title !== title) document.title = title;
  };
  show();
  showBadge(unread);
  // Each page sets its own title.
  const observer = new MutationObserver(show);
  observer.observe(document.head, { childList: true, characterData: true, subtree: true });
  return () => observer.disconnect();
}
