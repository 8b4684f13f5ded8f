// Files that the page makes itself.

/** Let the browser save something under a name that every file system takes. */
export function save(name: string, content: Blob | string): void {
  const address = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[\\/:*?"<>|\s]+/g, "-").slice(0, 120);
  document.body.append(link);
  link.click();
  link.remove();
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Give where the page's figures come from and when they were taken, as its foot says. */
export function sourceLine(): string {
  const text = document.querySelector("[data-source-line], footer.site p")?.textContent?.trim() ?? "";
  return text.replace(/\s+/g, " ");
}
