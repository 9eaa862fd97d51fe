import { COMMA, inClass, BLANK, QUOTE, quote, END } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { listHeader } from './header-type.ts';

/** RFC 3261 §20.43 */
export interface Warning {
  /** Three digits; 399 is "miscellaneous". */
  readonly code: number;
  /** Host or pseudonym of the element that warns. */
  readonly agent: string;
  readonly text: string;
}

function readWarning(cursor: Cursor): Warning | undefined {
  const start = cursor.pos;
  const code = cursor.readNumber('the warning code', 999);
  if (code === undefined) return undefined;
  if (cursor.pos - start !== 3) return cursor.fail('the warning code has not three digits');
  cursor.skipBlank();
  const agentStart = cursor.pos;
  for (
    let next = cursor.peek();
    next !== END && !inClass(next, BLANK) && next !== COMMA;
    next = cursor.peek()
  ) {
    cursor.pos++;
  }
  const agent = cursor.text.slice(agentStart, cursor.pos);
  cursor.skipBlank();
  if (agent === '' || cursor.peek() !== QUOTE) return cursor.fail('the warning text is missing');
  const text = cursor.readQuoted();
  return text === undefined ? undefined : { code, agent, text };
}

export const warningHeader = listHeader<Warning>('Warning', readWarning, {
  format: (value) => `${value.code} ${value.agent} ${quote(value.text)}`,
});
