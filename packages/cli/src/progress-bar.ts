const BAR_CHARS = 24;

export type Progress = { done: number; total: number | undefined; perSecond?: number | null };

export type ProgressBar = { show(label: string, progress: Progress): void; clear(): void };

/** One line on a terminal's stderr, overwritten as it goes; nothing where nobody watches. */
export function createProgressBar(stream: NodeJS.WriteStream, wanted: boolean): ProgressBar {
  const visible = wanted && stream.isTTY;
  return {
    show: (label, progress) => {
      if (visible) stream.write(`\r${progressLine(label, progress)}\u001b[K`);
    },
    clear: () => {
      if (visible) stream.write('\r\u001b[K');
    },
  };
}

/** `importing [######------]  50%  5,000 of 10,000, 25,000/s`; without a total only the count. */
export function progressLine(label: string, { done, total, perSecond }: Progress): string {
  const speed = perSecond ? `, ${perSecond.toLocaleString('en')}/s` : '';
  if (total === undefined) return `${label}  ${done.toLocaleString('en')}${speed}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR_CHARS);
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_CHARS - filled);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${label} [${bar}] ${percent}  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${speed}`;
}
