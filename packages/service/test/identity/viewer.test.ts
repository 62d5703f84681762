import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { finalidades } from '@pessoa/domain/finalidade';
import { InvalidTokenError } from 'graphql-jwt-guard';
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
  viewerOf(identityFromClaims(claims({ finalidade: 'CONCESSAO_CREDITO', ...fields })), undefined);
const court = { clock, courtOrderClients: new Set(['tribunal']) };

describe('The claims of a token', () => {
  it('say who asks, with which scopes', () => {
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
    ['scopes that are no text', { scope: 1 }],
    ['a purpose that is no text', { finalidade: 7 }],
    ['a CPF with wrong check digits', { cpf: '52998224724' }],
    ['a CPF that is a number', { cpf: 52998224725 }],
    ['an empty CPF', { cpf: '' }],
    ['a court order that is no text', { ordem_judicial: 1 }],
    ['a consent that is nothing', { consentimento: null }],
    ['a consent that is a text', { consentimento: ANA }],
    ['a consent without id', { consentimento: consent({ id: undefined }) }],
    ['a consent of nobody', { consentimento: consent({ cpf: '1' }) }],
    ['a consent without end', { consentimento: consent({ ate: undefined }) }],
    ['a consent to a day that is none', { consentimento: consent({ ate: '2026-02-30' }) }],
    ['a bad consent among good ones', { consentimento: [consent(), {}] }],
    ['101 consents', { consentimento: Array.from({ length: 101 }, () => consent()) }],
  ])('are refused as a whole with %s', (_, fields) => {
    expect(() => identityFromClaims(claims(fields))).toThrow(InvalidTokenError);
  });

  it('may carry a hundred consents, and each ends with its last day in São Paulo', () => {
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
  const of = (claim: unknown, header?: string, cpf?: string) =>
    viewerOf(identityFromClaims(claims({ finalidade: claim, cpf })), header).finalidade;

  it('is the claim’s, and the header’s only where there is no claim', () => {
    expect(of('COBRANCA')).toBe('COBRANCA');
    expect(of('COBRANCA', 'LOCACAO')).toBe('COBRANCA');
    expect(of(undefined, 'LOCACAO')).toBe('LOCACAO');
  });

  it.each([
    [undefined, undefined],
    ['CURIOSIDADE', undefined],
    ['CURIOSIDADE', 'LOCACAO'],
    ['', 'LOCACAO'],
  ])('is refused where it is none of the list: claim %j, header %j', (claim, header) => {
    expect(() => of(claim, header)).toThrow(expect.objectContaining({ code: 'FINALIDADE_AUSENTE' }));
  });

  it.each([
    [undefined, 'locacao'],
    [undefined, 'toString'],
    [undefined, ''],
    [undefined, 'LOCACAO, LOCACAO'],
    ['COBRANCA', 'CURIOSIDADE'],
  ])('of a header must be of the list whenever it is sent: claim %j, header %j', (claim, header) => {
    expect(() => of(claim, header)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('`x-finalidade` is one of') }),
    );
  });

  it('of the holder is the holder’s alone', () => {
    expect(() => of('CONSULTA_DO_TITULAR')).toThrow(expect.objectContaining({ code: 'FINALIDADE_AUSENTE' }));
    expect(() => of(undefined, 'CONSULTA_DO_TITULAR')).toThrow();
    expect(of('CONSULTA_DO_TITULAR', undefined, ANA)).toBe('CONSULTA_DO_TITULAR');
  });

  it.each(finalidades.filter((one) => one !== 'ORDEM_JUDICIAL'))('%s alone opens no bank data', (finalidade) => {
    const cpf = finalidade === 'CONSULTA_DO_TITULAR' ? BIA : undefined;
    expect(mayReadBankData(viewer({ finalidade, cpf, client_id: 'tribunal', ordem_judicial: ORDER }), ANA, court)).toBe(
      false,
    );
  });
});

describe('Bank data', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['a consent of this person', { consentimento: consent() }, true],
    ['a consent of another', { consentimento: consent({ cpf: BIA }) }, false],
    ['a consent of yesterday', { consentimento: consent({ ate: '2026-11-21' }) }, false],
    ['their own token', { cpf: ANA }, true],
    ['another’s token, with a consent', { cpf: BIA, consentimento: consent() }, false],
    ['a court’s order', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER }, true],
    ['an order without number', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL' }, false],
    ['an order of who is no court', { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER }, false],
    ['an empty order', { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '' }, false],
    [
      'an order that is no number of a lawsuit',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: 'Ofício 12/2026' },
      false,
    ],
    [
      'an order with a wrong digit',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER.replace('-03', '-04') },
      false,
    ],
    [
      'an order of digits alone',
      { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER.replace(/\D/g, '') },
      true,
    ],
    ['nothing', {}, false],
  ])('of a person with %s: %s', (_, fields, isOpen) => {
    expect(mayReadBankData(viewer(fields), ANA, court)).toBe(isOpen);
  });
});

it('A holder reads their own record and no other; everyone else may ask for anybody', () => {
  expect(mayReadPerson(viewer({ cpf: ANA }), ANA)).toBe(true);
  expect(mayReadPerson(viewer({ cpf: ANA }), BIA)).toBe(false);
  expect(mayReadPerson(viewer(), BIA)).toBe(true);
});
