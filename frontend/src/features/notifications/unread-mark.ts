const mark = /^\(\d+\+?\) /;

/** Shows the number of unread notifications in the page's title and on the installed app's icon. */
export function markUnread(unread: number): () => void {
  const prefix = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
  const show = () => {
    const title = prefix + document.title.replace(mark, "");
    if (document.title !== title) document.title = title;
  };
  show();
  badge(unread);
  // Each page sets its own title.
  const observer = new MutationObserver(show);
  observer.observe(document.head, { childList: true, characterData: true, subtree: true });
  return () => observer.disconnect();
}

/** Not every browser has badges, and some refuse one to a page that is not installed. */
function badge(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}
