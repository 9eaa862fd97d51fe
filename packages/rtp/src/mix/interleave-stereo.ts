/**
 * Two mono channels of one length as left, right, left, right … in the first `2 · length` samples of `output`; an
 * absent channel is silence. Answers how many samples were written. A RangeError when the lengths do not fit.
 */
export function interleaveStereo(
  left: Int16Array | undefined,
  right: Int16Array | undefined,
  output: Int16Array,
): number {
  const length = left?.length ?? right?.length ?? 0;
  if (left && right && left.length !== right.length) throw new RangeError('the channels differ in length');
  if (output.length < 2 * length) throw new RangeError('the output is shorter than both channels');
  writeChannel(left, length, output, 0);
  writeChannel(right, length, output, 1);
  return 2 * length;
}

function writeChannel(
  channel: Int16Array | undefined,
  length: number,
  output: Int16Array,
  first: number,
): void {
  if (channel) for (let i = 0; i < length; i++) output[first + 2 * i] = channel[i] ?? 0;
  else for (let i = 0; i < length; i++) output[first + 2 * i] = 0;
}
