/** One timer that can be set, moved and cleared any number of times. It does not keep the process alive. */
export class Deadline {
  private timer: NodeJS.Timeout | undefined;
  private readonly onPassed: () => void;

  constructor(onPassed: () => void) {
    this.onPassed = onPassed;
  }

  get isSet(): boolean {
    return this.timer !== undefined;
  }

  /** Sets it anew; 0 clears it. */
  set(ms: number): void {
    this.clear();
    if (ms <= 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.onPassed();
    }, ms);
    this.timer.unref();
  }

  /** The full time again from now on, if it is set. */
  refresh(): void {
    this.timer?.refresh();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
