/** What the root source of a fleet includes. */

/** The patterns of `include` in a source. */
export function includePatterns(source: string): string[] {
  const includes = source.matchAll(/^[ \t]*include[ \t]+"([^"\r\n]*)"/gm);
  return Array.from(includes, include => include[1]);
}
