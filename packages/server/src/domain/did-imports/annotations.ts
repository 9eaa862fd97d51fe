import type { FieldErrors } from '../../kernel/errors.ts';

const LABEL_MAX = 255;
const NOTE_MAX = 2_000;
const TAG_MAX = 64;
const TAGS_MAX = 50;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

export type Annotations = { label: string | null; note: string | null; tags: string[] };
export type AnnotationInput = {
  label?: string | null;
  note?: string | null;
  tags?: readonly string[] | null;
};

/**
 * The rules that `updateDidInput` has for label, note and tags, without the schema library: a million
 * rows pass here, in a thread that need not load it. A property test holds both to the same answers.
 * Blank texts count as absent.
 */
export function checkAnnotations(input: AnnotationInput, errors: FieldErrors): Annotations {
  const label = present(input.label);
  if (label !== null) addProblem(errors, 'label', lineProblem('label', label, LABEL_MAX));
  const note = present(input.note);
  if (note !== null) addProblem(errors, 'note', noteProblem(note));
  const tags = [...new Set((input.tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length > TAGS_MAX) {
    addProblem(errors, 'tags', `The tags may not be greater than ${TAGS_MAX} items.`);
  }
  for (const tag of tags) addProblem(errors, 'tags', lineProblem('tags', tag, TAG_MAX));
  return { label, note, tags };
}

function present(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function addProblem(errors: FieldErrors, field: string, sentence: string | undefined): void {
  if (sentence !== undefined && !errors[field]?.includes(sentence)) (errors[field] ??= []).push(sentence);
}

function lineProblem(field: string, text: string, max: number): string | undefined {
  if (text.length > max) return `The ${field} may not be greater than ${max} characters.`;
  if (CONTROL.test(text)) return 'Control characters are not allowed.';
  return unicodeProblem(text);
}

function noteProblem(text: string): string | undefined {
  if (text.length > NOTE_MAX) return `The note may not be greater than ${NOTE_MAX} characters.`;
  if (text.includes('\0')) return 'NUL characters are not allowed.';
  return unicodeProblem(text);
}

const unicodeProblem = (text: string): string | undefined =>
  text.isWellFormed() ? undefined : 'The text is not valid Unicode.';
