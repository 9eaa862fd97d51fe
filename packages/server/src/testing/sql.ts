/** SQL for the proofs in tests/, which have no dependencies of their own. */
export { sql } from 'kysely';
export { default as pg } from 'pg';
