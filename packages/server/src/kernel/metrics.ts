import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export type Metrics = {
  /** Prometheus text format. */
  render(): Promise<{ contentType: string; text: string }>;
  httpRequest(route: string, method: string, status: number, seconds: number): void;
  importedRows(count: number): void;
};

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The only file that knows the metrics library. Labels have few values: routes, never paths. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tronco_http_request_duration_seconds',
    help: 'Time from request to response, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  });
  const rows = new Counter({
    name: 'tronco_did_import_rows_total',
    help: 'Rows of bulk imports processed by this node',
    registers: [registry],
  });
  // A bound observer per combination: binding costs more than observing.
  const observers = new Map<string, { observe(seconds: number): void }>();
  const observerOf = (route: string, method: string, status: number): { observe(seconds: number): void } => {
    const key = `${method} ${status} ${route}`;
    const known = observers.get(key) ?? requests.labels({ route, method, status: String(status) });
    observers.set(key, known);
    return known;
  };
  return {
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    httpRequest: (route, method, status, seconds) => observerOf(route, method, status).observe(seconds),
    importedRows: (count) => rows.inc(count),
  };
}
