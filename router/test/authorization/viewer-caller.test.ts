import type { Cpf } from '@pessoa/domain/cpf';
import { type Consentimento, type Viewer, viewerOf } from '@pessoa/service/identity/viewer';
import { ViewerCaller } from '../../src/authorization/viewer-caller.ts';
import { ANA, BIA } from '../graph/people.ts';

const clock = { now: () => new Date('2026-11-28T12:00:00Z') };
const courtOrderClients = new Set(['tribunal']);

function viewerWith({ sigilo: _none, ...more }: Partial<Viewer>): Viewer {
  const identity = {
    sujeito: 's',
    clientId: 'banco',
    scopes: new Set(['evento:movimentacao']),
    finalidade: more.finalidade ?? 'COBRANCA',
    titular: undefined,
    consentimentos: new Map<Cpf, Consentimento>(),
    ordemJudicial: undefined,
    sigilo: undefined,
    ...more,
  };
  return viewerOf(identity, undefined, 'checked');
}

const consents = (...ends: string[]) =>
  new Map(
    [ANA, BIA].slice(0, ends.length).map((cpf, index) => [cpf as Cpf, { id: 'x', cpf, ate: ends[index] } as never]),
  );

const processo = '0000001-39.2024.8.26.0100' as never;

it.each<[string, Partial<Viewer>, boolean]>([
  ['a third party without consent', {}, false],
  ['a consent that has ended', { consentimentos: consents('2026-11-27') }, false],
  ['a consent on its last day', { consentimentos: consents('2026-11-28') }, true],
  ['one live consent among ended ones', { consentimentos: consents('2020-01-01', '2027-01-01') }, true],
  ['a holder', { titular: ANA as Cpf, finalidade: 'CONSULTA_DO_TITULAR' }, true],
  [
    'a court order of a client configured for it',
    { clientId: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordemJudicial: processo },
    true,
  ],
  ['a court order of another client', { finalidade: 'ORDEM_JUDICIAL', ordemJudicial: processo }, false],
  ['a court without the number of its order', { clientId: 'tribunal', finalidade: 'ORDEM_JUDICIAL' }, false],
])('the policies before planning: %s', (_title, more, holds) => {
  const isHolder = more.titular !== undefined;
  for (const [thirdPartyCadastro, getsCadastro] of [
    ['scope', true],
    ['consent', holds],
    ['never', isHolder],
  ] as const) {
    const caller = new ViewerCaller(viewerWith(more), { clock, courtOrderClients, thirdPartyCadastro });
    expect({ policies: [...caller.policies], scopes: [...caller.scopes] }).toEqual({
      policies: [
        ...(holds ? ['consentimento'] : []),
        ...(getsCadastro ? ['cadastro'] : []),
        ...(isHolder ? ['titular'] : []),
      ],
      scopes: ['evento:movimentacao'],
    });
  }
});
