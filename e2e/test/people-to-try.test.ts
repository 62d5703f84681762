import { peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { tableRowsOf } from '../src/documents.ts';

describe('the people to try', () => {
  it.each([
    ['README.md', 'en'],
    ['README.pt-BR.md', 'pt'],
  ] as const)('are listed by %s, each with its situation', (file, language) => {
    const listed = tableRowsOf(file).filter(([cpf]) => /^`\d{11}`$/.test(cpf!));
    expect(listed).toEqual(peopleToTry.map(({ cpf, situacao }) => [`\`${cpf}\``, situacao[language]]));
  });
});
