// The page's language is that of its document; every text of a script stands here in both.

export const CHINESE = document.documentElement.lang.toLowerCase().startsWith("zh");

/** Give the text in the page's language. */
export function say(chinese: string, english: string): string {
  return CHINESE ? chinese : english;
}
