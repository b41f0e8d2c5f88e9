const product = "Taskwire";

/** The title of the document, in the language of the page. */
export const PageTitle = ({ children }: { children: string }) => <title>{`${children} · ${product}`}</title>;
