import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { finalidades } from '@pessoa/domain/finalidade';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { identityReader, standardClaimNames } from '../../src/identity/claims.ts';
import { liveConsent, mayReadBankData, mayReadPerson, viewerOf } from '../../src/identity/viewer.ts';

const ANA = '52998224725' as Cpf;
const BIA = '11144477735' as Cpf;
const clock = fixedClock('2026-11-22T15:00:00Z');
const consent = (fields: object = {}) => ({ id: 'c-1', cpf: ANA, ate: '2026-12-31', ...fields });
const identityFromClaims = identityReader(standardClaimNames);
const ORDER = '0001234-03.2026.8.26.0100';
const claims = (fields: Record<string, unknown> = {}) => ({ sub: 's', client_id: 'loja', ...fields });
const viewer = (fields: Record<string, unknown> = {}) =>
  viewerOf(identityFromClaims(claims({ finalidade: 'CONCESSAO_CREDITO', ...fields })), undefined, 'checked');
const court = { clock, courtOrderClients: new Set(['tribunal']) };

describe('The claims of a token', () => {
  it('hold the subject, the client and the scopes', () => {
    expect(identityFromClaims(claims({ scope: ' a  b ' }))).toMatchObject({
      sujeito: 's',
      clientId: 'loja',
      scopes: new Set(['a', 'b']),
      titular: undefined,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no subject', { sub: undefined }],
    ['no client', { client_id: undefined }],
    ['an empty client', { client_id: '' }],
    ['scopes that are not a text', { scope: 1 }],
    ['a purpose that is not a text', { finalidade: 7 }],
    ['a CPF with wrong check digits', { cpf: '52998224724' }],
    ['a CPF that is a number', { cpf: 52998224725 }],
    ['an empty CPF', { cpf: '' }],
    ['a court order that is not a text', { ordem_judicial: 1 }],
    ['a consent that is null', { consentimento: null }],
    ['a consent that is a text', { consentimento: ANA }],
    ['a consent without an id', { consentimento: consent({ id: undefined }) }],
    ['a consent for an invalid CPF', { consentimento: consent({ cpf: '1' }) }],
    ['a consent without a last day', { consentimento: consent({ ate: undefined }) }],
    ['a consent whose last day does not exist', { consentimento: consent({ ate: '2026-02-30' }) }],
    ['a malformed consent beside a valid one', { consentimento: [consent(), {}] }],
    ['101 consents', { consentimento: Array.from({ length: 101 }, () => consent()) }],
  ])('are all refused because of %s', (_, fields) => {
    expect(() => identityFromClaims(claims(fields))).toThrow(InvalidTokenError);
  });

  it('may hold a hundred consents, and each ends with its last day in São Paulo', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => consent({ id: `c-${index}` }));
    expect(liveConsent(viewer({ consentimento: hundred }), ANA, clock)).toMatchObject({ cpf: ANA });
    const until = (ate: unknown) => liveConsent(viewer({ consentimento: consent({ ate }) }), ANA, clock);
    expect(until('2026-11-22')).toBeDefined();
    expect(until('2026-11-21')).toBeUndefined();
    expect(until(Date.parse('2026-11-23T02:59:59Z') / 1_000)).toBeDefined();
    expect(until(Date.parse('2026-11-22T02:59:59Z') / 1_000)).toBeUndefined();
    expect(liveConsent(viewer({ consentimento: consent() }), BIA, clock)).toBeUndefined();
  });
});

describe('The purpose', () => {
  const purposeOf = (claim: unknown, header?: string, cpf?: string) =>
    viewerOf(identityFromClaims(claims({ finalidade: claim, cpf })), header, 'checked').finalidade;

  it('is the claim, or the header when there is no claim', () => {
    expect(purposeOf('COBRANCA')).toBe('COBRANCA');
    expect(purposeOf('COBRANCA', 'LOCACAO')).toBe('COBRANCA');
    expect(purposeOf(undefined, 'LOCACAO')).toBe('LOCACAO');
  });

  it.each([
    [undefined, undefined],
    ['CURIOSIDADE', undefined],
    ['CURIOSIDADE', 'LOCACAO'],
    ['', 'LOCACAO'],
  ])('is refused when it is missing or not in the list: claim %j, header %j', (claim, header) => {
    expect(() => purposeOf(claim, header)).toThrow(expect.objectContaining({ code: 'FINALIDADE_AUSENTE' }));
  });

  it.each([
    [undefined, 'locacao'],
    [undefined, 'toString'],
    [undefined, ''],
    [undefined, 'LOCACAO, LOCACAO'],
    ['COBRANCA', 'CURIOSIDADE'],
  ])('in a header must be in the list, even beside a claim: claim %j, header %j', (claim, header) => {
    expect(() => purposeOf(claim, header)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('`x-finalidade` is one of') }),
    );
  });

  it('CONSULTA_DO_TITULAR is for the holder alone', () => {
    expect(() => purposeOf('CONSULTA_DO_TITULAR')).toThrow(expect.objectContaining({ code: 'FINALIDADE_AUSENTE' }));
    expect(() => purposeOf(undefined, 'CONSULTA_DO_TITULAR')).toThrow();
    expect(purposeOf('CONSULTA_DO_TITULAR', undefined, ANA)).toBe('CONSULTA_DO_TITULAR');
  });

  it.each(finalidades.filter((finalidade) => finalidade !== 'ORDEM_JUDICIAL'))(
    '%s alone opens no bank data',
    (finalidade) => {
      // prettier-ignore
      const cpf = finalidade === 'CONSULTA_DO_TITULAR' ? BIA : undefined;
      expect(
        mayReadBankData(viewer({ finalidade, cpf, client_id: 'tribunal', ordem_judicial: ORDER }), ANA, court),
      ).toBe(false);
    },
  );
});

describe('Bank data', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['a consent of that person', { consentimento: consent() }, true],
    ['a consent of another person', { consentimento: consent({ cpf: BIA }) }, false],
    ['a consent that ended yesterday', { consentimento: consent({ ate: '2026-11-21' }) }, false],
    ['the token of that holder', { cpf: ANA }, true],
    ['the token of another holder, with a consent', { cpf: BIA, consentimento: consent() }, false],
    ['a court order', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER }, true],
    ['a court order without a number', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL' }, false],
    [
      'a court order from a client that is not configured',
      { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER },
      false,
    ],
    ['an empty court order', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '' }, false],
    [
      'a court order that is not the number of a lawsuit',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: 'Ofício 12/2026' },
      false,
    ],
    [
      'a court order with a wrong digit',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER.replace('-03', '-04') },
      false,
    ],
    [
      'a court order without punctuation',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER.replace(/\D/g, '') },
      true,
    ],
    ['no consent', {}, false],
  ])('of a person may be read with %s: %s', (_, fields, isOpen) => {
    expect(mayReadBankData(viewer(fields), ANA, court)).toBe(isOpen);
  });
});

it('A holder may read their own data alone; a third party may ask for anybody', () => {
  expect(mayReadPerson(viewer({ cpf: ANA }), ANA)).toBe(true);
  expect(mayReadPerson(viewer({ cpf: ANA }), BIA)).toBe(false);
  expect(mayReadPerson(viewer(), BIA)).toBe(true);
});
