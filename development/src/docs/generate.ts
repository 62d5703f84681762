import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicErrors } from '@pessoa/domain/errors';
import type { Motivo } from '@pessoa/domain/motivo';
import { root } from '@pessoa/operations/system/home';
import { modelos, versoes } from '@pessoa/score/modelo/modelos';
import { pageOf, scoreModelDocument } from '@pessoa/score/modelo/score-model-document';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { architectureDoc } from './architecture-doc.ts';
import { basesDoc } from './bases-doc.ts';
import { modelCardDocument, modelCardJson } from './model-cards.ts';
import { peopleToTryDoc } from './people-to-try-doc.ts';

const reasons: Readonly<Record<Motivo, string>> = {
  ESCOPO: 'scopes: `escopos` lists those that the token must have',
  TITULAR:
    'the token is a holder’s own, and the CPF is not theirs; or the field (`prova`) is for the holder’s own token alone',
  OPERADOR: 'the operator gives cadastral data to no third party (`THIRD_PARTY_CADASTRO=never`)',
  CONSENTIMENTO: 'the holder’s consent for this CPF, in force today, or a court order of a client configured for it',
  FINALIDADE: 'a purpose of the list, one that this token may use',
};

function errorsDoc(): string {
  const rows = Object.entries(publicErrors).map(
    ([code, { status, message, cause: when }]) => `| \`${code}\` | ${status} | ${when} | ${message} |`,
  );
  return `# Errors

This page lists every error that a client can get, through GraphQL (\`errors[].extensions.code\`) and REST (\`code\` of the
\`application/problem+json\` body). Branch on the code: a new code is safe, a renamed code is a breaking change. The router
explains each at \`/erros/CODE\`, which is also the \`type\` of a REST problem. \`npm run docs:generate\` writes this page
from packages/domain/src/errors.ts.

| code | REST status | cause | message |
| --- | --- | --- | --- |
${rows.join('\n')}

In GraphQL, these errors have their HTTP status: a missing or bad token, a missing purpose, a seal that is refused, 429, 503 while draining, and errors
of the document or its variables. Every other error is 200 with \`errors\`, each with the \`path\` of the lost field. Errors of a
source name it in \`extensions.fonte\`: \`divida\`, \`score\`, \`evento\`, or \`auditoria\` when the audit could not store an
inquiry, which then has no answer, or its log does not answer. An answer has at most 50 errors; \`extensions.errosOmitidos\` counts the others.

A refusal with 403 says why in \`motivo\`, in \`extensions\` and in the problem body, except ORIGEM_NAO_ACEITA and SIGILO_INADMISSIVEL:

| motivo | what is missing |
| --- | --- |
${Object.entries(reasons)
  .map(([motivo, missing]) => `| \`${motivo}\` | ${missing} |`)
  .join('\n')}

The reason depends on token, schema and settings alone, so it is the same for a known and for an unknown person. REST names the
first reason of the list that holds, and scopes also in \`WWW-Authenticate: Bearer error="insufficient_scope", scope="…"\`.
`;
}

const documents: Record<string, (current: string) => string> = {
  'ARCHITECTURE.md': architectureDoc,
  'docs/bases.md': basesDoc,
  'docs/errors.md': errorsDoc,
  'docs/model-card.md': modelCardDocument,
  'docs/people-to-try.md': peopleToTryDoc,
  ...Object.fromEntries(versoes.map((version) => [pageOf(version), () => scoreModelDocument(modelos[version])])),
  ...Object.fromEntries(versoes.map((version) => [`schema/models/${version}.json`, () => modelCardJson(version)])),
};

/** Formats a document like `npm run format`, which skips the files of .prettierignore. */
async function formatted(file: string, document: string): Promise<string> {
  const { ignored } = await getFileInfo(file, { ignorePath: join(root, '.prettierignore') });
  return ignored ? document : format(document, { ...(await resolveConfig(file)), filepath: file });
}

const command = {
  name: 'npm run docs:generate',
  about: `Writes ${Object.keys(documents).join(', ')} from the sources.`,
  options: { check: { type: 'boolean', default: false, about: 'writes nothing; exit code 1 when one is stale' } },
} as const;

await runCommand(command, async (args) => {
  const { check } = readArguments(command, args).values;
  for (const [name, render] of Object.entries(documents)) {
    const file = join(root, name);
    const current = await readFile(file, 'utf8').catch(() => '');
    const document = await formatted(file, render(current));
    if (current === document) continue;
    if (check) {
      console.error(`${name} is stale: run \`npm run docs:generate\` and commit it`);
      process.exitCode = 1;
    } else {
      await writeFile(file, document);
      console.log(`${name} written`);
    }
  }
});
