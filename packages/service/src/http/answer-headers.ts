/**
 * On every answer. An answer is about a person: nobody keeps it, shows it in a frame, guesses another type for it, or lets
 * a page of another site load it; were it ever opened as a page, it may load nothing. Pages of ours say what they need.
 */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** In production everything is behind TLS, ended before us: a browser that was here once comes by https alone, for two years. */
export const PRODUCTION_HEADERS: Readonly<Record<string, string>> = {
  ...ANSWER_HEADERS,
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};
