import { z } from 'zod';

/** An Elasticsearch 8.19 or 9; user and password may be in the URL. */
export const elasticsearchUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' });

/** `id:key` in base64, as Elasticsearch gives it. */
export const elasticsearchApiKey = z
  .string()
  .regex(/^[\w+/-]{8,}={0,2}$/, 'is not base64')
  .optional();

/** The name that is searched; the indexes behind it are called after it. */
export const searchAlias = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'is not 1 to 100 of a-z, 0-9, - and _')
  .default('movimentacao');
