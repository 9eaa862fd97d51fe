/** How much of a random or repeated test to run: an environment variable, or the number that CI uses. */
export function count(variable: string, usual: number): number {
  const given = process.env[variable];
  if (given === undefined || given === '') return usual;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${variable} must be a whole number`);
  return value;
}
