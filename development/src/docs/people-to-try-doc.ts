import { publicErrors } from '@pessoa/domain/errors';
import { peopleToTry } from '../seed/people-to-try/people-to-try.ts';
import type { PersonToTry, ExpectedAnswers } from '../seed/people-to-try/person-to-try.ts';

const inCode = (text: string): string => `\`${text}\``;
const valuesOf = (campos: object): string[] =>
  Object.entries(campos).map(([place, value]) => `${inCode(place)} ${inCode(JSON.stringify(value))}`);

function graphCell({ campos, erros = {} }: ExpectedAnswers): string {
  const errors = Object.entries(erros).map(([place, error]) => `${inCode(place)} ${inCode(error)}`);
  return [...valuesOf(campos), ...errors].join('<br>');
}

const restCell = ({ rest = {} }: ExpectedAnswers): string =>
  Object.entries(rest)
    .map(([path, error]) => `${inCode(`/${path}`)} ${publicErrors[error].status}`)
    .join('<br>');

const row = ({ cpf, nome, situacao, expected }: PersonToTry): string =>
  `| ${inCode(cpf)} | ${nome ?? ''} | ${situacao.en} | ${graphCell(expected)} | ${restCell(expected)} |`;

const holderRow = ({ cpf, expected }: PersonToTry): string[] =>
  expected.titular ? [`| ${inCode(cpf)} | ${valuesOf(expected.titular).join('<br>')} |`] : [];

/** docs/people-to-try.md, from the definitions that people-to-try.e2e.test.ts checks. */
export const peopleToTryDoc = (): string => `# People to try

Ten fictitious people show one situation each, like the test cards of a payment API. \`npm start\` and
\`npm run seed\` load them beside the population. They are the same in every seed, and all their dates are relative to the day of
the seed. Their CPFs begin with 999.999, and no other fictitious person has such a CPF. No service treats them specially: the
answers come from their rows. \`npm run docs:generate\` writes this page from development/src/seed/people-to-try, and
e2e/test/people-to-try.e2e.test.ts checks each answer.

The token of \`npm run token\` carries their consents; that of \`${peopleToTry.find(({ consentimento }) => consentimento === 'vencido')!.cpf}\` ended a year ago.

| CPF | name | situation | what the graph answers | REST, where it is not 200 |
| --- | --- | --- | --- | --- |
${peopleToTry.map(row).join('\n')}

What the person's own token (\`npm run token -- --cpf CPF\`) sees beyond that:

| CPF | what the graph answers the holder |
| --- | --- |
${peopleToTry.flatMap(holderRow).join('\n')}

To try a lost base, run \`npm start -- --without base-b\`.
`;
