import { z } from 'zod';

/** URL of an Elasticsearch 8.19 or 9. It may contain user and password. */
export const elasticsearchUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' });

/** API key as Elasticsearch returns it: `id:key` in base64. */
export const elasticsearchApiKey = z
  .string()
  .regex(/^[\w+/-]{8,}={0,2}$/, 'is not base64')
  .optional();

/** The alias that is searched, and the prefix of the names of its indexes. */
export const searchAlias = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'is not 1 to 100 of a-z, 0-9, - and _')
  .default('movimentacao');
