import { readFileSync } from 'node:fs';
import { PublicError } from '../src/errors.ts';
import { challengeOf, escopos, firstRecusa, recusaOf } from '../src/motivo.ts';
import { serviceNames } from '../src/services.ts';

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

describe('The reason of a refusal', () => {
  it('names every scope that the graph asks for', () => {
    const sdl = serviceNames
      .map((name) => readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8'))
      .join('\n');
    const asked = [...sdl.matchAll(/@requiresScopes\(scopes: (\[\[.*?\]\])\)/g)].flatMap(
      ([, scopes]) => (JSON.parse(scopes!) as string[][]).flat(), // prettier-ignore
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(escopos).toEqual(expect.arrayContaining(asked));
  });

  it.each<[string, unknown, object, object | undefined]>([
    [
      'of a scope',
      DENIED,
      { motivo: 'ESCOPO', escopos: ['score:read'] },
      { motivo: 'ESCOPO', escopos: ['score:read'] },
    ],
    ['of consent', DENIED, { motivo: 'CONSENTIMENTO' }, { motivo: 'CONSENTIMENTO' }],
    ['of the holder', DENIED, { motivo: 'TITULAR', escopos: ['score:read'] }, { motivo: 'TITULAR' }],
    ['of no known scope', DENIED, { motivo: 'ESCOPO', escopos: ['52998224725', 7] }, { motivo: 'ESCOPO' }],
    ['that is no list of scopes', DENIED, { motivo: 'ESCOPO', escopos: 'score:read' }, { motivo: 'ESCOPO' }],
    ['of another code’s', DENIED, { motivo: 'FINALIDADE' }, undefined],
    ['of no list', DENIED, { motivo: 'Ana Fictícia deve' }, undefined],
    ['that every object has', DENIED, { motivo: 'toString' }, undefined],
    ['of no refusal', 'FONTE_LENTA', { motivo: 'ESCOPO' }, undefined],
    ['of a code that is none', 'outro', { motivo: 'ESCOPO' }, undefined],
    ['of a purpose, whatever is said', 'FINALIDADE_AUSENTE', { motivo: 'ESCOPO' }, { motivo: 'FINALIDADE' }],
  ])('is taken from the closed lists alone: %s', (_, code, given, taken) => {
    expect(recusaOf(code, given)).toEqual(taken);
  });

  it('goes with the error', () => {
    expect(new PublicError('FINALIDADE_AUSENTE').recusa).toEqual({ motivo: 'FINALIDADE' });
    expect(new PublicError(DENIED, { recusa: { motivo: 'TITULAR' } }).recusa).toEqual({ motivo: 'TITULAR' });
    expect(new PublicError('FONTE_LENTA', { recusa: { motivo: 'TITULAR' } }).recusa).toBeUndefined();
  });

  it('of several is the first of the list, with all scopes that are needed', () => {
    const scopes = (...names: (typeof escopos)[number][]) => ({ motivo: 'ESCOPO', escopos: names }) as const;
    expect(firstRecusa([{ motivo: 'CONSENTIMENTO' }, undefined, { motivo: 'TITULAR' }])).toEqual({ motivo: 'TITULAR' });
    const both = firstRecusa([{ motivo: 'TITULAR' }, scopes('score:detalhe'), scopes('score:read', 'score:detalhe')]);
    expect(both).toEqual(scopes('score:read', 'score:detalhe'));
    expect(challengeOf(both!)).toBe('Bearer error="insufficient_scope", scope="score:read score:detalhe"');
    expect(firstRecusa([undefined])).toBeUndefined();
  });

  it('asks for other scopes only where they would help', () => {
    expect(challengeOf({ motivo: 'CONSENTIMENTO' })).toBeUndefined();
    expect(challengeOf({ motivo: 'ESCOPO' })).toBe('Bearer error="insufficient_scope"');
  });
});
