/**
 * What a syntax parser answers. `problem` is a short English clause made only of our own words (never of
 * bytes from the wire), so it may be put in a reason phrase or a log line.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };
