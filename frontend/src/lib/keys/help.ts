/** Opens the list of keyboard shortcuts from anywhere. */
export function openKeyHelp() {
  window.dispatchEvent(new Event("taskwire:keys"));
}

export function onKeyHelp(listener: () => void): () => void {
  window.addEventListener("taskwire:keys", listener);
  return () => window.removeEventListener("taskwire:keys", listener);
}
