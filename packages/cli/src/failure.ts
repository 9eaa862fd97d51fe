import { TroncoConnectionError, TroncoError } from '@tronco/sdk';
import { adviceFor } from './advice.ts';
import { EXIT, Interrupted, UsageError } from './exit-codes.ts';

type Failure = {
  exitCode: number;
  message: string;
  code?: string;
  errors?: Readonly<Record<string, readonly string[]>>;
  details?: object;
  advice?: string | undefined;
  requestId?: string | undefined;
};

/**
 * Tells what went wrong on stderr: the sentence and the code, the problems by field, what to do, and
 * the request id. With --json the same as one JSON object.
 * @returns the exit code
 */
export function reportFailure(error: unknown, json: boolean): number {
  const failure = describe(error);
  if (json) {
    const { exitCode: _, requestId, ...rest } = failure;
    const body = { ...rest, ...(requestId !== undefined && { request_id: requestId }) };
    process.stderr.write(`${JSON.stringify({ error: body })}\n`);
  } else process.stderr.write(linesOf(failure).join('\n').concat('\n'));
  return failure.exitCode;
}

function linesOf({ message, code, errors = {}, advice, requestId }: Failure): string[] {
  const problems = Object.entries(errors).flatMap(([field, sentences]) =>
    sentences.map((sentence) => `  ${field}: ${sentence}`),
  );
  return [
    `tronco: ${message}${code === undefined ? '' : ` (${code})`}`,
    ...problems,
    ...(advice === undefined ? [] : [`  What to do: ${advice}`]),
    ...(requestId === undefined ? [] : [`  Request id: ${requestId}`]),
  ];
}

function describe(error: unknown): Failure {
  if (error instanceof TroncoError) {
    const { message, code, errors, details, request_id: requestId } = error;
    return { exitCode: EXIT.failed, message, code, errors, details, advice: adviceFor(error), requestId };
  }
  if (error instanceof TroncoConnectionError) {
    const advice = 'Is the server running (`tronco serve`), and is --url or TRONCO_URL its address?';
    return { exitCode: EXIT.unreachable, message: error.message, advice };
  }
  if (error instanceof Interrupted) return { exitCode: EXIT.interrupted, message: 'Interrupted' };
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, message: error.message, advice: error.advice };
  }
  return { exitCode: EXIT.failed, message: error instanceof Error ? error.message : String(error) };
}
