/**
 * The headers of every answer about a person. Browsers and proxies must not store it, show it in a frame, guess another
 * type, or let a page of another site load it. Opened as a page, it may load nothing. Our pages set headers of their own.
 */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** In production a proxy in front of us terminates TLS, so browsers must use https, for two years after an answer. */
export const PRODUCTION_HEADERS: Readonly<Record<string, string>> = {
  ...ANSWER_HEADERS,
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};
