/** What one import may hold. Docs: guides/import-dids.md. */
export const UPLOAD_BYTES_MAX = 256 * 1024 * 1024;
/** Rows at upload, numbers (ranges counted out) while processing. Bounds the memory of SeenNumbers. */
export const NUMBERS_MAX = 5_000_000;
export const RECORD_BYTES_MAX = 64 * 1024;
export const RANGE_NUMBERS_MAX = 10_000;

/** One piece of the upload, and one transaction of the processing. */
export const CHUNK_ROWS_MAX = 5_000;
export const CHUNK_BYTES_MAX = 512 * 1024;
export const BATCH_NUMBERS_MAX = 5_000;
