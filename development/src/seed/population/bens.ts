import { dayText } from './calendar.ts';
import { bancos } from './empresas.ts';
import { formatCentavos } from './format-centavos.ts';
import type { PersonCore } from './person-core.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { BemRow } from './rows.ts';

const imoveis = [
  'Apartamento fictício de 2 quartos',
  'Casa fictícia com quintal',
  'Terreno imaginário',
  'Sala comercial imaginária',
];
const veiculos = [
  'Automóvel Imaginário 1.0',
  'Caminhonete Fictícia 4x4',
  'Motocicleta Inventada 160',
  'Automóvel Faz de Conta 2.0',
];

/** Assets: more likely and larger with age and income. */
export function bensDe(prng: Prng, pessoa: PersonCore): BemRow[] {
  const { cpf, idade, ocupacao, hoje, municipio } = pessoa;
  const renda = Math.max(ocupacao.rendaMensal, 900);
  const wealth = Math.min(renda / 9_000, 1.4);
  const maturity = Math.min(Math.max(idade - 20, 0) / 40, 1);
  const rows: BemRow[] = [];
  const add = (tipo: string, descricao: string, valor: number, loan: number) => {
    const centavos = Math.round(valor * 100);
    const onerado = prng.chance(loan);
    const avaliado = !prng.chance(0.06);
    rows.push({
      id: rowId('bm', pessoa.index, rows.length),
      cpf,
      tipo,
      descricao,
      valorEstimado: avaliado ? formatCentavos(centavos) : null,
      dataAvaliacao: avaliado && !prng.chance(0.1) ? dayText(hoje - prng.between(10, 1_400)) : null,
      onerado,
      saldoDevedor:
        onerado && !prng.chance(0.08) ? formatCentavos(Math.round(centavos * (0.1 + prng.fraction() * 0.75))) : null,
      percentualPropriedade: prng.weighted([
        [100, 70],
        [50, 20],
        [null, 10],
      ]),
      uf: tipo === 'APLICACAO_FINANCEIRA' ? null : municipio.uf,
    });
  };

  if (prng.chance(0.08 + 0.5 * maturity + 0.2 * wealth)) {
    add('IMOVEL', prng.pick(imoveis), prng.logNormal(90_000 + renda * 38, 0.4), 0.55 - 0.4 * maturity);
    if (prng.chance(0.22 * maturity * wealth)) add('IMOVEL', prng.pick(imoveis), prng.logNormal(140_000, 0.5), 0.2);
  }
  if (prng.chance(0.15 + 0.25 * maturity + 0.3 * wealth)) {
    add('VEICULO', prng.pick(veiculos), prng.logNormal(14_000 + renda * 5, 0.4), 0.4);
  }
  if (prng.chance(0.1 + 0.15 * maturity + 0.4 * wealth)) {
    add('APLICACAO_FINANCEIRA', `Aplicação em ${prng.pick(bancos).nome}`, prng.logNormal(renda * 5, 0.9), 0);
  }
  if (ocupacao.tipo === 'PRO_LABORE' && ocupacao.pagador) {
    add('PARTICIPACAO_SOCIETARIA', `Quotas de ${ocupacao.pagador}`, prng.logNormal(80_000, 0.8), 0.05);
  }
  if (prng.chance(0.03)) add('BEM_RURAL', 'Sítio imaginário', prng.logNormal(180_000, 0.6), 0.3);
  if (ocupacao.tipo === 'AUTONOMO' && prng.chance(0.2))
    add('MAQUINA_OU_EQUIPAMENTO', 'Equipamento de trabalho fictício', prng.logNormal(9_000, 0.6), 0.3);
  return rows;
}
