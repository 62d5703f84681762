import { moneyText } from '@pessoa/search-index/indexed-money';
import type { MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { instituicaoOf } from '../instituicao.ts';
import type { Movimentacao } from './movimentacao.ts';

/** Makes the same object as the Base C adapter makes of the row. */
export function movimentacaoOf(document: MovimentacaoDocument): Movimentacao {
  const { instituicaoNome = null, instituicaoIspb = null, instituicaoCompe = null } = document;
  const row = {
    id: document.id,
    dataHora: new Date(document.dataHora ?? Number.NaN),
    natureza: document.natureza ?? null,
    tipo: document.tipo ?? null,
    valor: moneyText(document.valorCentavos, document.valorTexto),
    descricao: document.descricao ?? null,
    canal: document.canal ?? null,
    situacao: document.situacao ?? null,
    contraparte: document.contraparte ?? null,
    saldoApos: moneyText(document.saldoAposCentavos, document.saldoAposTexto),
    instituicao: instituicaoOf(instituicaoNome, instituicaoIspb, instituicaoCompe),
  };
  // A bad value is no worse here than in a row of Base C: the resolvers find it when they write the posting out.
  return row as Movimentacao;
}
