import './generated-cases.ts';
import { scanForLeaks } from './leaks.ts';

const ANSWER = /^application\/(?:[\w.-]+\+)?json\b/;
const realFetch = globalThis.fetch;

/** An issuer of a test is not ours, and names its own addresses. */
const ISSUERS_OWN = '/.well-known/openid-configuration';

/** Scans every JSON answer that a test fetches for leaks. A leak fails the test. */
globalThis.fetch = async (input, init) => {
  const response = await realFetch(input, init);
  const type = response.headers.get('content-type') ?? '';
  if (ANSWER.test(type) && !response.url.endsWith(ISSUERS_OWN)) scanForLeaks(await response.clone().text());
  return response;
};
