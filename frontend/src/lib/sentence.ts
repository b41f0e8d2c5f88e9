/** A text with a capital at its beginning, such as the detail of a field's error, which the server begins in lower case. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
