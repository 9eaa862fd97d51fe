/** A part of a list: after a row (streaming, constant cost per batch) or at an offset (paging). */
export type Slice<Row> = { limit: number; offset?: number; after?: Row | undefined };

/** A list whose scope and filters are settled; reading happens when it is asked for rows. */
export type List<Row> = {
  slice(slice: Slice<Row>): Promise<Row[]>;
  count(): Promise<number>;
};
