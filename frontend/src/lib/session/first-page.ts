import { accountKey } from "./account";

/**
 * The page at / is one file for visitors and users. It shows visitors what Taskwire is, also without scripts; with
 * `data-app` on the root element it shows the app instead.
 */
export function showApp(shown: boolean) {
  if (shown) document.documentElement.dataset.app = "";
  else delete document.documentElement.dataset.app;
}

/** Decides before the first paint. It is inlined into the page's head. */
export const firstPageScript = `try{if(localStorage.getItem("${accountKey}")||location.pathname+location.search!=="/")document.documentElement.dataset.app=""}catch(e){}`;
