import { readReportedErrors } from '../../src/execution/subgraph-error.ts';

const recusaFrom = (extensions: object) =>
  readReportedErrors([{ message: 'why', path: ['pessoa', 'nome'], extensions }], 'divida')[0]?.loss.reason;

describe('The reason of a refusal by a subgraph', () => {
  it.each([
    [
      { motivo: 'ESCOPO', escopos: ['divida:read'] },
      { motivo: 'ESCOPO', escopos: ['divida:read'] },
    ],
    [{ motivo: 'CONSENTIMENTO' }, { motivo: 'CONSENTIMENTO' }],
    [{ motivo: 'TITULAR', outro: 1 }, { motivo: 'TITULAR' }],
    [
      { motivo: 'ESCOPO', escopos: ['divida:read', 'Ana Fictícia'] },
      { motivo: 'ESCOPO', escopos: ['divida:read'] },
    ],
    [{ motivo: 'Ana Fictícia' }, undefined],
    [{ motivo: ['ESCOPO'] }, undefined],
    [{}, undefined],
  ])('reaches the client only if it is of the closed lists: %j', (extensions, reason) => {
    expect(recusaFrom({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...extensions })).toEqual(reason);
  });

  it('is not part of the error of a lost source', () => {
    expect(recusaFrom({ code: 'FONTE_LENTA', motivo: 'ESCOPO' })).toBeUndefined();
  });
});
