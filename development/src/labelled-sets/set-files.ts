import { formatDinheiro } from '@pessoa/domain/dinheiro';
import type { LabelledPerson } from './labelled-sets.ts';

type Field = string | number | boolean | bigint | Date | null | undefined;

const fieldOf = (value: Field): string => (value instanceof Date ? value.toISOString() : String(value ?? ''));
const amountOf = (centavos: bigint | null | undefined): string | null =>
  centavos == null ? null : formatDinheiro(centavos);

/** No value of a set has a comma or a quote. */
const csv = (header: string, rows: readonly (readonly Field[])[]): string =>
  [header, ...rows.map((row) => row.map(fieldOf).join(','))].map((line) => `${line}\n`).join('');

/** The files of a set by name: three for `npm run import -- base-b`, and `labels.csv` for `npm run score:evaluate`. */
export function setFiles(people: readonly LabelledPerson[]): Readonly<Record<string, string>> {
  const bens = people.flatMap(({ cpf, perfil }) =>
    perfil.bens.map(({ tipo, valorEstimadoCentavos, saldoDevedorCentavos }, index) => [
      `gerado-bem-${cpf}-${index}`,
      cpf,
      tipo,
      'Bem gerado',
      amountOf(valorEstimadoCentavos),
      saldoDevedorCentavos != null,
      amountOf(saldoDevedorCentavos),
    ]),
  );
  const rendas = people.flatMap(({ cpf, perfil }) =>
    perfil.fontesDeRenda.map(({ tipo, valorCentavos, periodicidade, desde, comprovada }, index) => [
      `gerado-renda-${cpf}-${index}`,
      cpf,
      tipo,
      amountOf(valorCentavos),
      periodicidade,
      desde,
      comprovada,
    ]),
  );
  const pessoas = people.map(({ cpf, perfil: { nascimento, endereco } }) => [
    cpf,
    nascimento,
    endereco?.logradouro,
    endereco?.numero,
    endereco?.cep,
    endereco?.atualizadoEm,
  ]);
  return {
    'pessoas.csv': csv('cpf,nascimento,logradouro,numero,cep,atualizado_em', pessoas),
    'bens.csv': csv('id,cpf,tipo,descricao,valor_estimado,onerado,saldo_devedor', bens),
    'rendas.csv': csv('id,cpf,tipo,valor,periodicidade,desde,comprovada', rendas),
    'labels.csv': csv(
      'cpf,inadimplente',
      people.map(({ cpf, inadimplente }) => [cpf, inadimplente ? 1 : 0]),
    ),
  };
}
