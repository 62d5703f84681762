import { readFileSync } from 'node:fs';
import { PublicError } from '../src/errors.ts';
import { challengeOf, escopos, firstRefusalReason, refusalReasonOf } from '../src/motivo.ts';
import { serviceNames } from '../src/services.ts';

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

describe('The reason of a refusal', () => {
  it('may name every scope that the SDL requires', () => {
    const sdl = serviceNames
      .map((name) => readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8'))
      .join('\n');
    const required = [...sdl.matchAll(/@requiresScopes\(scopes: (\[\[.*?\]\])\)/g)].flatMap(
      ([, scopes]) => (JSON.parse(scopes!) as string[][]).flat(), // prettier-ignore
    );
    expect(required.length).toBeGreaterThan(5);
    expect(escopos).toEqual(expect.arrayContaining(required));
  });

  it.each<[string, unknown, object, object | undefined]>([
    [
      'a missing scope',
      DENIED,
      { motivo: 'ESCOPO', escopos: ['score:read'] },
      { motivo: 'ESCOPO', escopos: ['score:read'] },
    ],
    ['a missing consent', DENIED, { motivo: 'CONSENTIMENTO' }, { motivo: 'CONSENTIMENTO' }],
    ['a refusal of the operator', DENIED, { motivo: 'OPERADOR' }, { motivo: 'OPERADOR' }],
    ['another holder', DENIED, { motivo: 'TITULAR', escopos: ['score:read'] }, { motivo: 'TITULAR' }],
    ['unknown scopes', DENIED, { motivo: 'ESCOPO', escopos: ['52998224725', 7] }, { motivo: 'ESCOPO' }],
    ['scopes that are not a list', DENIED, { motivo: 'ESCOPO', escopos: 'score:read' }, { motivo: 'ESCOPO' }],
    ['the reason of another code', DENIED, { motivo: 'FINALIDADE' }, undefined],
    ['a reason outside the list', DENIED, { motivo: 'Ana Fictícia deve' }, undefined],
    ['a member that every object has', DENIED, { motivo: 'toString' }, undefined],
    ['a code that is not a refusal', 'FONTE_LENTA', { motivo: 'ESCOPO' }, undefined],
    ['an unknown code', 'outro', { motivo: 'ESCOPO' }, undefined],
    ['a missing purpose', 'FINALIDADE_AUSENTE', { motivo: 'ESCOPO' }, { motivo: 'FINALIDADE' }],
  ])('comes from the closed lists alone: %s', (_, code, extensions, reason) => {
    expect(refusalReasonOf(code, extensions)).toEqual(reason);
  });

  it('is part of an error whose code is a refusal, and of no other error', () => {
    expect(new PublicError('FINALIDADE_AUSENTE').reason).toEqual({ motivo: 'FINALIDADE' });
    expect(new PublicError(DENIED, { reason: { motivo: 'TITULAR' } }).reason).toEqual({ motivo: 'TITULAR' });
    expect(new PublicError('FONTE_LENTA', { reason: { motivo: 'TITULAR' } }).reason).toBeUndefined();
  });

  it('is the first of the list when several apply, with all scopes that are required', () => {
    const scopes = (...names: (typeof escopos)[number][]) => ({ motivo: 'ESCOPO', escopos: names }) as const;
    expect(firstRefusalReason([{ motivo: 'CONSENTIMENTO' }, undefined, { motivo: 'TITULAR' }])).toEqual({
      motivo: 'TITULAR',
    });
    const merged = firstRefusalReason([
      { motivo: 'TITULAR' },
      scopes('score:detalhe'),
      scopes('score:read', 'score:detalhe'),
    ]);
    expect(merged).toEqual(scopes('score:read', 'score:detalhe'));
    expect(challengeOf(merged!)).toBe('Bearer error="insufficient_scope", scope="score:read score:detalhe"');
    expect(firstRefusalReason([undefined])).toBeUndefined();
  });

  it('asks for other scopes only when scopes are missing', () => {
    expect(challengeOf({ motivo: 'CONSENTIMENTO' })).toBeUndefined();
    expect(challengeOf({ motivo: 'ESCOPO' })).toBe('Bearer error="insufficient_scope"');
  });
});
