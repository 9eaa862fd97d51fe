import { v7 } from 'uuid';

/**
 * A new resource id: UUIDv7 (RFC 9562 §5.7). Time-ordered, so that index pages fill one after another
 * and the id itself serves as the pagination cursor.
 */
export const newId = (): string => v7();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a path parameter can name a row at all; anything else answers like a missing row. */
export const isUuid = (value: string): boolean => UUID.test(value);

/** Owner of what belongs to no environment: admin tokens and their audit entries. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000';
