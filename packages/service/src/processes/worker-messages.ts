import type { MetricsOfWorker } from '../metrics/metrics-server.ts';

export type FromWorker =
  | { readonly pessoa: 'listening'; readonly url: string }
  | { readonly pessoa: 'metrics'; readonly metrics: MetricsOfWorker };

export type ToWorker = { readonly pessoa: 'retire' | 'metrics' };
