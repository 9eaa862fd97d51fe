import ptBr from './pt-br.json' with { type: 'json' };
import type { Language } from './languages.ts';

const CATALOGUE = new Map<string, string>(Object.entries(ptBr));

/** Sentences of the OpenAPI document that have no Portuguese yet. */
export const untranslated = (sentences: Iterable<string>): string[] =>
  [...sentences].filter((sentence) => !CATALOGUE.has(sentence));

/** Translations of sentences that the document no longer holds. */
export const unusedTranslations = (sentences: ReadonlySet<string>): string[] =>
  [...CATALOGUE.keys()].filter((sentence) => !sentences.has(sentence));

/** A sentence of the OpenAPI document in a language; English where the translation is missing. */
export const translate = (sentence: string, language: Language): string =>
  language === 'en' ? sentence : (CATALOGUE.get(sentence) ?? sentence);
