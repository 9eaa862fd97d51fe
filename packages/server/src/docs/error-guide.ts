import type { ErrorCode } from '../kernel/errors.ts';
import { ADMINISTRATION_ERRORS } from './error-guide/administration.ts';
import { AGENT_ERRORS } from './error-guide/agents.ts';
import type { ErrorGuide } from './error-guide/guide.ts';
import { NUMBER_ERRORS } from './error-guide/numbers.ts';
import { OUTCOME_ERRORS } from './error-guide/outcomes.ts';
import { REQUEST_ERRORS } from './error-guide/requests.ts';

/** What every error code means, why it comes and what to do, in both languages. A missing one is a type error. */
export const ERROR_GUIDE = {
  ...REQUEST_ERRORS,
  ...OUTCOME_ERRORS,
  ...NUMBER_ERRORS,
  ...AGENT_ERRORS,
  ...ADMINISTRATION_ERRORS,
} satisfies Record<ErrorCode, ErrorGuide>;
