/**
 * Which of the formats the Accept header likes best (RFC 9110 §12.5.1); the first one when it names
 * none of them, because an answer in another format helps more than a refusal.
 */
export function preferredFormat<Format extends string>(
  accept: string | undefined,
  mediaTypes: Readonly<Record<Format, string>>,
): Format {
  const formats = Object.keys(mediaTypes) as Format[];
  const weights = new Map(
    (accept ?? '').split(',').map((range): [string, number] => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, quality === undefined ? 1 : Number(quality.slice(2))];
    }),
  );
  const weightOf = (format: Format): number => weights.get(mediaTypes[format]) ?? 0;
  return formats.reduce((best, format) => (weightOf(format) > weightOf(best) ? format : best));
}
