import type { Fault } from '../fault.ts';

const CLAIM = 'packages/service/src/identity/seal.ts';
const DECISION = 'packages/audit/src/seal-decision.ts';
const claim = ['packages/service/test/identity/seal'];
const list = ['auditor/test/proofs/sealed-reads'];
const graph = ['e2e/test/sealed-reads'];
const check = ['auditor/test/checks/seal-check'];

export const seals: readonly Fault[] = [
  {
    description: 'every client may seal its reads',
    file: CLAIM,
    from: 'if (!sealClients.has(clientId))',
    to: 'if (false)',
    suites: claim,
  },
  {
    description: 'a seal may last for ever',
    file: CLAIM,
    from: 'if (sigilo.ate > lastSealDay(clock))',
    to: 'if (false)',
    suites: claim,
  },
  {
    description: 'a seal ends with the begin of its last day',
    file: CLAIM,
    from: 'startOfDayInSaoPaulo(addDays(day, 1))',
    to: 'startOfDayInSaoPaulo(day)',
    suites: claim,
  },
  {
    description: 'a court seals under another lawsuit than that of its order',
    file: CLAIM,
    from: 'readNumeroProcesso(sigilo.referencia) !== ordemJudicial',
    to: 'readNumeroProcesso(sigilo.referencia) === undefined',
    suites: claim,
  },
  {
    description: 'a sealed read is written down without its seal',
    file: 'packages/audit/src/audit-plugin.ts',
    from: '      sigilo: viewer.sigilo,\n',
    to: '',
    suites: graph,
  },
  {
    description: 'inquiries under seal are in the list of the graph',
    file: 'packages/audit/src/access-reader.ts',
    from: "\n  AND ${isOutOfSeal('$6::timestamptz')}`;",
    to: '\n  AND $6::timestamptz IS NOT NULL`;',
    suites: ['packages/audit/test/sealed-reads'],
  },
  {
    description: 'a seal is over an instant late',
    file: 'packages/audit/src/seal-conditions.ts',
    from: '${END} <= ${instant}',
    to: '${END} < ${instant}',
    suites: ['packages/audit/test/sealed-reads'],
  },
  {
    description: 'the holder gets the record of a read under seal',
    file: 'auditor/src/proofs/person-proofs.ts',
    from: "if (row.is_sealed) return { conteudo: 'EM_SIGILO' };",
    to: '',
    suites: list,
  },
  {
    description: "a holder's token gets the proof of a read under seal",
    file: 'auditor/src/proofs/proof-route.ts',
    from: 'titular === undefined ? undefined : clock.now()',
    to: 'undefined',
    suites: list,
  },
  {
    description: 'a seal is no part of the entry: nobody notices that it was edited',
    file: 'auditor/src/records/audit-record.ts',
    from: 'if (sigiloReferencia === null || sigiloAte === null) return',
    to: 'if (true) return',
    suites: check,
  },
  {
    description: 'a decision on a seal may have the record of another decision',
    file: DECISION,
    from: '    fields.every((field, at) => field === record.campos[at]) &&\n',
    to: '',
    suites: check,
  },
  {
    description: 'nobody notices that a decision on a seal was removed',
    file: 'auditor/src/checks/record-check.ts',
    from: '  faults.push(...(await findLostDecisions(db, rows)));\n',
    to: '',
    suites: check,
  },
  {
    description: 'a holder does not notice a read that was never sealed behind a seal',
    file: 'packages/audit-verifier/src/person-pages.ts',
    from: '      verifyHidden(read, known);\n',
    to: '',
    suites: ['packages/audit-verifier/test/verify-sealed'],
  },
];
