/** A list that can be waited for. */
export class Arrivals<T> {
  readonly all: T[] = [];
  private taken = 0;
  private wake: (() => void) | undefined;

  add(value: T): void {
    this.all.push(value);
    this.wake?.();
  }

  async next(): Promise<T> {
    while (this.taken >= this.all.length) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    // The loop has just seen that it is there.
    return this.all[this.taken++] as T;
  }
}
