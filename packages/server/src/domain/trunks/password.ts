/** Additional data that binds a sealed password to its row: moved elsewhere, it does not open. */
export const passwordPlace = (trunkId: string): string => `sip_trunks:${trunkId}:password`;
