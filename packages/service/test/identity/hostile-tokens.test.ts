import { once } from 'node:events';
import { connect } from 'node:net';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import fc from 'fast-check';
import { InvalidTokenError } from 'graphql-jwt-guard';
import { createHttpService } from '../../src/http/http-service.ts';
import { authenticator } from '../../src/identity/authentication.ts';
import { identityReader, standardClaimNames } from '../../src/identity/claims.ts';
import { liveConsent, mayReadBankData, viewerOf } from '../../src/identity/viewer.ts';
import { createLogger } from '../../src/logging/logger.ts';

const ANA = '52998224725' as Cpf;
const BIA = '11144477735' as Cpf;
const clock = fixedClock('2026-11-22T15:00:00Z');
const read = identityReader(standardClaimNames);
const good = { sub: 'ana', client_id: 'loja', scope: 'divida:read', finalidade: 'COBRANCA' };
const reasonOf = (claims: Record<string, unknown>): string => {
  try {
    read({ ...good, ...claims });
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.reason;
    throw error;
  }
  return 'accepted';
};
const consent = (ate: unknown, id = 'c-1', cpf: unknown = ANA) => ({ id, cpf, ate });

describe('A hostile claim is refused by its name', () => {
  const control = ['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u202eb', 'a\u200bb', '\ufeffa', 'a\u2028b', 'a\ud800', ' a', 'a ', '\u00a0a', '', ' ', 'x'.repeat(256)]; // prettier-ignore

  it.each(['sub', 'client_id', 'jti'])('%s with characters that cannot be seen, or too long', (claim) => {
    for (const text of control) expect([text, reasonOf({ [claim]: text })]).toEqual([text, `the claim ${claim} is missing or malformed`]); // prettier-ignore
    for (const text of ['x'.repeat(255), 'auth0|5f7c', 'Ana Fictícia', '王', '🙂']) expect(reasonOf({ [claim]: text })).toBe('accepted'); // prettier-ignore
  });

  it('the id of a consent with such, and a purpose or an order without end', () => {
    for (const id of control) expect(reasonOf({ consentimento: consent('2026-12-31', id) })).toMatch(/consentimento/);
    expect(reasonOf({ finalidade: 'x'.repeat(256) })).toMatch(/finalidade/);
    expect(reasonOf({ ordem_judicial: 'x'.repeat(256) })).toMatch(/ordem_judicial/);
    expect(reasonOf({ ordem_judicial: '0001234-03\n' })).toMatch(/ordem_judicial/);
  });

  it.each([
    ['no year', '0000-01-01'],
    ['the first year', '0001-01-01'],
    ['the last century', '1999-12-31'],
    ['the next century', '2100-01-01'],
    ['the last year', '9999-12-31'],
    ['beyond', '10000-01-01'],
    ['a day that is none', '2027-02-29'],
    ['an instant', '2027-01-01T00:00:00Z'],
    ['spaces', ' 2027-01-01'],
    ['nothing', ''],
    ['milliseconds', 1_795_000_000_000],
    ['more than a date can be', 8.64e15],
    ['more than a number can be whole', 2 ** 53],
    ['a part of a second', 1_795_000_000.5],
    ['before 1970', -1],
    ['in 1970', 1],
    ['infinite', Number.POSITIVE_INFINITY],
    ['digits', '1795000000'],
    ['null', null],
    ['a list', ['2027-01-01']],
  ])('a consent until %s', (_, ate) => {
    expect(reasonOf({ consentimento: consent(ate) })).toBe('the claim consentimento is missing or malformed');
    expect(reasonOf({ consentimento: [consent('2027-01-01'), consent(ate)] })).toMatch(/consentimento/);
  });

  it.each(['2000-01-01', '2099-12-31', 1_795_000_000])('but not one until %s', (ate) => {
    expect(reasonOf({ consentimento: consent(ate) })).toBe('accepted');
  });

  it('and whatever it is, by a reason that holds nothing of it', () => {
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

describe('Of consents', () => {
  const viewerWith = (consentimento: unknown, more: object = {}) =>
    viewerOf(read({ ...good, ...more, consentimento }), undefined);
  const [past, soon, later] = [consent('2026-11-21', 'past'), consent('2026-11-22', 'soon'), consent('2027-01-01', 'later')]; // prettier-ignore

  it.each([
    [[past, later]],
    [[later, past]],
    [[soon, later, past]],
    [[later, soon, soon]],
    [[past, consent(Date.parse('2027-01-01T12:00:00Z') / 1_000, 'later')]],
  ])('for one person the later counts, wherever it stands: %j', (consents) => {
    expect(liveConsent(viewerWith(consents), ANA, clock)?.id).toBe('later');
  });

  it('that have ended none counts, and none is written down as the reason', () => {
    const viewer = viewerWith([past, { ...past, id: 'past-2' }]);
    expect(liveConsent(viewer, ANA, clock)).toBeUndefined();
    expect(mayReadBankData(viewer, ANA, { clock, courtOrderClients: new Set(['loja']) })).toBe(false);
    const order = viewerWith(past, { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '0001234-03.2026.8.26.0100' });
    expect(mayReadBankData(order, ANA, { clock, courtOrderClients: new Set(['loja']) })).toBe(true);
    expect(liveConsent(order, ANA, clock)).toBeUndefined();
  });

  it('one for somebody else is none', () => {
    expect(liveConsent(viewerWith([consent('2027-01-01', 'c', BIA)]), ANA, clock)).toBeUndefined();
  });
});

describe('Authorization headers', () => {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const http = createHttpService({ logger });
  const asked: (string | undefined)[] = [];
  const identity = read(good);
  const verify = async (header: string | undefined) => {
    asked.push(header);
    return identity;
  };
  const verifier = { verify, verifyCached: () => undefined, ready: async () => {} };
  let port: number;

  beforeAll(async () => {
    const authenticate = authenticator(verifier);
    http.app.get('/', { exposeHeadRoute: false }, async (request, reply) => ({
      cliente: (await authenticate(request, reply)).clientId,
    }));
    port = Number(new URL(await http.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  beforeEach(() => asked.splice(0));
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
  ])('of which there are two are refused, and neither is read: %j', async (headers) => {
    const answer = await send(...headers);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(
      /www-authenticate: Bearer error="invalid_token", error_description="more than one Authorization header"/i,
    );
    expect(asked).toEqual([]);
  });

  it('of which there is one are read, whatever else is sent', async () => {
    const answer = await send('aUTHORIZATION: Bearer a', 'Proxy-Authorization: Bearer b', 'X-Authorization: Bearer c');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked).toEqual(['Bearer a']);
  });
});
