import {
  type OpenApiDocument,
  operationsOf,
  parametersOf,
  resolveRef,
  successOf,
} from './openapi-document.ts';

/**
 * Every sentence of the document that the generated pages show and that needs a translation.
 * Messages of errors are none: they are answered in English, and the error pages explain them.
 */
export function sentencesOf(document: OpenApiDocument): Set<string> {
  const sentences = new Set<string>();
  const collect = collector(sentences);
  for (const operation of operationsOf(document)) {
    sentences.add(operation.summary).add(operation.tag);
    collect({ description: operation.description });
    collect(parametersOf(document, operation));
    collect(operation.requestBody && resolveRef(document, operation.requestBody));
    collect(successOf(document, operation)?.content);
  }
  collect(document.tags);
  collect(document.components?.schemas);
  return sentences;
}

/** Adds every `description` at any depth, but those inside of examples. */
function collector(sentences: Set<string>): (value: unknown) => void {
  const collect = (value: unknown, isPropertyMap: boolean): void => {
    if (Array.isArray(value)) for (const item of value) collect(item, false);
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        // In a map of properties the keys are names: one may be called description or example.
        if (isPropertyMap) collect(inner, false);
        else if (key === 'description' && typeof inner === 'string') sentences.add(inner);
        else if (!VALUES.has(key)) collect(inner, key === 'properties');
      }
    }
  };
  return (value) => collect(value, false);
}

/** Keywords that hold values, where a description is only data. */
const VALUES = new Set(['example', 'examples', 'default', 'enum', 'const']);
