import { readReportedErrors } from '../../src/execution/subgraph-error.ts';

const reported = (extensions: object) =>
  readReportedErrors([{ message: 'why', path: ['pessoa', 'nome'], extensions }], 'divida')[0]?.loss.reason;

describe('Why a subgraph refused', () => {
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
  ])('reaches the client as a value of the closed lists only: %j', (extensions, reason) => {
    expect(reported({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...extensions })).toEqual(reason);
  });

  it('is nothing that a lost source has', () => {
    expect(reported({ code: 'FONTE_LENTA', motivo: 'ESCOPO' })).toBeUndefined();
  });
});
