/** The detail of a field's error, which the server begins in lower case, as a sentence on the screen. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
