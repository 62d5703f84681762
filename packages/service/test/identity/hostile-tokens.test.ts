import { once } from 'node:events';
import { connect } from 'node:net';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { testLog } from '@pessoa/testkit/logs/test-log';
import fc from 'fast-check';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { createHttpService } from '../../src/http/http-service.ts';
import { authenticator } from '../../src/identity/authentication.ts';
import { identityReader, standardClaimNames } from '../../src/identity/claims.ts';
import { liveConsent, mayReadBankData, viewerOf } from '../../src/identity/viewer.ts';

const ANA = '52998224725' as Cpf;
const BIA = '11144477735' as Cpf;
const clock = fixedClock('2026-11-22T15:00:00Z');
const read = identityReader(standardClaimNames);
const validClaims = { sub: 'ana', client_id: 'loja', scope: 'divida:read', finalidade: 'COBRANCA' };
const reasonOf = (claims: Record<string, unknown>): string => {
  try {
    read({ ...validClaims, ...claims });
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.reason;
    throw error;
  }
  return 'accepted';
};
const consent = (ate: unknown, id = 'c-1', cpf: unknown = ANA) => ({ id, cpf, ate });

describe('A hostile claim is refused with its name', () => {
  const malformedNames = ['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u202eb', 'a\u200bb', '\ufeffa', 'a\u2028b', 'a\ud800', ' a', 'a ', '\u00a0a', '', ' ', 'x'.repeat(256)]; // prettier-ignore

  it.each(['sub', 'client_id', 'jti'])('%s with invisible characters, or too long', (claim) => {
    const reason = `the claim ${claim} is missing or malformed`;
    for (const name of malformedNames) expect({ name, reason: reasonOf({ [claim]: name }) }).toEqual({ name, reason });
    for (const name of ['x'.repeat(255), 'auth0|5f7c', 'Ana Fictícia', '王', '🙂']) expect(reasonOf({ [claim]: name })).toBe('accepted'); // prettier-ignore
  });

  it('the id of a consent with such characters, and a purpose or a court order that is too long', () => {
    for (const id of malformedNames) expect(reasonOf({ consentimento: consent('2026-12-31', id) })).toMatch(/consentimento/); // prettier-ignore
    expect(reasonOf({ finalidade: 'x'.repeat(256) })).toMatch(/finalidade/);
    expect(reasonOf({ ordem_judicial: 'x'.repeat(256) })).toMatch(/ordem_judicial/);
    expect(reasonOf({ ordem_judicial: '0001234-03\n' })).toMatch(/ordem_judicial/);
  });

  it.each([
    ['the year 0', '0000-01-01'],
    ['the year 1', '0001-01-01'],
    ['the last century', '1999-12-31'],
    ['the next century', '2100-01-01'],
    ['the year 9999', '9999-12-31'],
    ['the year 10000', '10000-01-01'],
    ['a day that does not exist', '2027-02-29'],
    ['an instant', '2027-01-01T00:00:00Z'],
    ['spaces', ' 2027-01-01'],
    ['an empty text', ''],
    ['a number of milliseconds', 1_795_000_000_000],
    ['a number above the largest Date', 8.64e15],
    ['a number above the largest safe integer', 2 ** 53],
    ['a fraction of a second', 1_795_000_000.5],
    ['an instant before 1970', -1],
    ['an instant in 1970', 1],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a text of digits', '1795000000'],
    ['null', null],
    ['a list', ['2027-01-01']],
  ])('a consent until %s', (_, ate) => {
    expect(reasonOf({ consentimento: consent(ate) })).toBe('the claim consentimento is missing or malformed');
    expect(reasonOf({ consentimento: [consent('2027-01-01'), consent(ate)] })).toMatch(/consentimento/);
  });

  it.each(['2000-01-01', '2099-12-31', 1_795_000_000])('but not a consent until %s', (ate) => {
    expect(reasonOf({ consentimento: consent(ate) })).toBe('accepted');
  });

  it('of any type, and the reason never quotes its value', () => {
    const anything = fc.record(
      { sub: fc.anything(), client_id: fc.anything(), scope: fc.anything(), scp: fc.anything(), cpf: fc.anything(), jti: fc.anything(), finalidade: fc.anything(), consentimento: fc.anything(), ordem_judicial: fc.anything() }, // prettier-ignore
      { requiredKeys: [] },
    );
    const reason = /^(accepted|the claim \w+ is missing or malformed|the claims \w+ and \w+ contradict each other)$/;
    fc.assert(
      fc.property(anything, (claims) => reason.test(reasonOf(claims))),
      { numRuns: 1_000 },
    );
    expect(reasonOf({ sub: 'segredo\n' })).not.toContain('segredo');
  });
});

describe('A consent', () => {
  const viewerWith = (consentimento: unknown, claims: object = {}) =>
    viewerOf(read({ ...validClaims, ...claims, consentimento }), undefined, 'checked');
  const [past, soon, later] = [consent('2026-11-21', 'past'), consent('2026-11-22', 'soon'), consent('2027-01-01', 'later')]; // prettier-ignore

  it.each([
    [[past, later]],
    [[later, past]],
    [[soon, later, past]],
    [[later, soon, soon]],
    [[past, consent(Date.parse('2027-01-01T12:00:00Z') / 1_000, 'later')]],
  ])('that ends last is the one that counts, in any order: %j', (consents) => {
    expect(liveConsent(viewerWith(consents), ANA, clock)?.id).toBe('later');
  });

  it('that has ended opens nothing, and is not in force beside a court order', () => {
    const viewer = viewerWith([past, { ...past, id: 'past-2' }]);
    expect(liveConsent(viewer, ANA, clock)).toBeUndefined();
    expect(mayReadBankData(viewer, ANA, { clock, courtOrderClients: new Set(['loja']) })).toBe(false);
    const order = viewerWith(past, { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '0001234-03.2026.8.26.0100' });
    expect(mayReadBankData(order, ANA, { clock, courtOrderClients: new Set(['loja']) })).toBe(true);
    expect(liveConsent(order, ANA, clock)).toBeUndefined();
  });

  it('of another person does not count', () => {
    expect(liveConsent(viewerWith([consent('2027-01-01', 'c', BIA)]), ANA, clock)).toBeUndefined();
  });
});

describe('The header Authorization', () => {
  const logger = testLog().logger;
  const http = createHttpService({ logger });
  const verifiedHeaders: (string | undefined)[] = [];
  const identity = read(validClaims);
  const verify = async (header: string | undefined) => {
    verifiedHeaders.push(header);
    return identity;
  };
  const verifier = { verify, verifyCached: () => undefined };
  let port: number;

  beforeAll(async () => {
    const authenticate = authenticator(verifier, () => 'checked', 'checked');
    http.app.get('/', { exposeHeadRoute: false }, async (request, reply) => ({
      cliente: (await authenticate(request, reply)).clientId,
    }));
    port = Number(new URL(await http.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  beforeEach(() => verifiedHeaders.splice(0));
  afterAll(() => http.drain());

  async function send(...headers: string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
    socket.write(['GET / HTTP/1.1', 'Host: x', ...headers, 'Connection: close', '', ''].join('\r\n'));
    await once(socket, 'end');
    return text;
  }

  it.each([
    [['Authorization: Bearer a', 'Authorization: Bearer a']],
    [['Authorization: Bearer a', 'authorization: Bearer b']],
    [['AUTHORIZATION: Basic a', 'X-Other: 1', 'Authorization: Bearer b']],
    [['Authorization: Bearer a', 'Authorization:']],
    [['Authorization: Bearer a', 'Authorization: Bearer b', 'Authorization: Bearer c']],
  ])('is refused and not read when it occurs more than once: %j', async (headers) => {
    const answer = await send(...headers);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(
      /www-authenticate: Bearer error="invalid_token", error_description="more than one Authorization header"/i,
    );
    expect(verifiedHeaders).toEqual([]);
  });

  it('is read when it occurs once, beside headers with similar names', async () => {
    const answer = await send('aUTHORIZATION: Bearer a', 'Proxy-Authorization: Bearer b', 'X-Authorization: Bearer c');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(verifiedHeaders).toEqual(['Bearer a']);
  });
});
