/** ITU-T Q.23: rows and columns, in Hz. */
export const ROW_HZ = [697, 770, 852, 941] as const;
export const COLUMN_HZ = [1209, 1336, 1477, 1633] as const;
const KEYPAD = ['123A', '456B', '789C', '*0#D'] as const;

export function digitAt(row: number, column: number): string | undefined {
  return KEYPAD[row]?.[column];
}

/** Row and column of a digit; undefined for what is no digit. */
export function pairOf(digit: string): { readonly rowHz: number; readonly columnHz: number } | undefined {
  const wanted = digit.toUpperCase();
  const row = wanted.length === 1 ? KEYPAD.findIndex((keys) => keys.includes(wanted)) : -1;
  const rowHz = ROW_HZ[row];
  const columnHz = COLUMN_HZ[KEYPAD[row]?.indexOf(wanted) ?? -1];
  return rowHz === undefined || columnHz === undefined ? undefined : { rowHz, columnHz };
}
