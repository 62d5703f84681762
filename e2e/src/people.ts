import { cpfFromBase, type Cpf } from '@pessoa/domain/cpf';
import { wordsOf } from '@pessoa/domain/words';
import { insert, type TestBases } from '@pessoa/testkit/test-bases';

let nextBase = 200_000_000;

/** A CPF that no other person of this test has. */
export const newCpf = (): Cpf => cpfFromBase(String(nextBase++));

interface BasesToFill {
  readonly bases: TestBases;
  readonly waitUntilIndexed?: () => Promise<void>;
}

/** Adds a person with data in every base. */
export async function addPerson({ bases, waitUntilIndexed: caughtUp }: BasesToFill, cpf: Cpf = newCpf()): Promise<Cpf> {
  const id = (kind: string): string => `${kind}-${cpf.slice(0, 9)}x`;
  const endereco = { cpf, logradouro: 'Rua das Amostras', numero: '10', bairro: 'Centro', cidade: 'São Paulo', uf: 'SP', cep: '01001000', codigo_ibge: '3550308', atualizado_em: '2026-05-01T12:00:00Z' }; // prettier-ignore
  const { baseA, baseB, baseC } = bases;
  await insert(baseA.owner, 'pessoa', { cpf, nome: 'Bruno Fictício', situacao_cadastral: 'REGULAR' });
  await insert(baseA.owner, 'endereco', endereco);
  await insert(baseA.owner, 'credor', { id: id('credor'), nome: 'Banco Inventado', cnpj: null });
  const divida = { cpf, credor_id: id('credor'), contrato: '1234567890', modalidade: 'CARTAO_CREDITO', natureza: 'PEFIN', situacao: 'EM_ABERTO', principal: true, uf: 'SP' }; // prettier-ignore
  await insert(
    baseA.owner,
    'divida',
    { ...divida, id: id('d1'), valor_original: '1234.56', valor_atualizado: '1500.00', vencimento: '2026-01-10', data_inclusao: '2026-02-20', data_comunicacao: '2026-02-05', parcelas_em_atraso: 3 }, // prettier-ignore
    { ...divida, id: id('d2'), valor_original: '99.90', valor_atualizado: null, vencimento: '2025-06-10', data_inclusao: '2025-07-20', data_comunicacao: '2025-07-05', parcelas_em_atraso: null }, // prettier-ignore
  );
  await insert(baseB.owner, 'titular', { cpf, nascimento: '1985-03-14' });
  await insert(baseB.owner, 'endereco', { ...endereco, logradouro: 'Avenida dos Testes' });
  await insert(baseB.owner, 'bem', { id: id('bem'), cpf, tipo: 'VEICULO', descricao: 'Automóvel de teste', valor_estimado: '45000.00', data_avaliacao: '2026-03-01', onerado: true, saldo_devedor: '12000.00', percentual_propriedade: 100, uf: 'SP' }); // prettier-ignore
  await insert(baseB.owner, 'fonte_de_renda', { id: id('renda'), cpf, tipo: 'SALARIO', pagador: 'Empresa Imaginária', cnpj_pagador: null, ocupacao: 'Analista', valor: '5200.00', periodicidade: 'MENSAL', desde: '2019-02-01', comprovada: true }); // prettier-ignore
  await insert(baseC.owner, 'titular', { cpf });
  await insert(baseC.owner, 'consulta', { id: id('c1'), cpf, consulente: 'Loja Inexistente', cnpj_consulente: null, biro: 'Birô de Mentira', data_hora: '2026-11-01T13:00:00Z', finalidade: 'VENDA_A_PRAZO', produto: 'Relatório', pelo_titular: false }); // prettier-ignore
  const movimentacao = { cpf, natureza: 'DEBITO', tipo: 'PIX', canal: 'APLICATIVO', instituicao_nome: 'Banco Inventado', instituicao_ispb: '12345678', instituicao_compe: '999', situacao: 'TRANSACAO_EFETIVADA' }; // prettier-ignore
  for (const [index, descricao] of ['Pix enviado', 'Conta de luz', 'Mercado'].entries()) {
    await insert(baseC.owner, 'movimentacao', { ...movimentacao, id: id(`m${index}`), data_hora: `2026-11-1${index}T15:00:00Z`, valor: `${10 + index}.50`, descricao, contraparte: 'João da Silva', saldo_apos: '1000.00', palavras: wordsOf(`${descricao} João da Silva`) }); // prettier-ignore
  }
  await insert(baseC.owner, 'compra_cartao', { id: id('compra'), cpf, data_hora: '2026-11-15T18:30:00Z', valor: '250.00', valor_moeda_origem: null, moeda_origem: null, estabelecimento: 'Mercado de Faz de Conta', mcc: '5411', bandeira: 'VISA', final_cartao: '4242', emissor_nome: 'Banco Inventado', emissor_ispb: '12345678', emissor_compe: '999', forma_pagamento: 'A_PRAZO', parcelas: 2, presencial: true, aprovada: true }); // prettier-ignore
  await caughtUp?.();
  return cpf;
}
