import type { BaseContract } from '@pessoa/platform/base/base';

/** What Base B must offer to our reader role; docs/bases.md says it to its owner. */
export const baseBContract: BaseContract = {
  titular: ['cpf', 'nascimento'],
  endereco: ['cpf', 'logradouro', 'numero', 'complemento', 'bairro', 'cidade', 'uf', 'cep', 'codigo_ibge', 'atualizado_em'],
  bem: [
    'id', 'cpf', 'tipo', 'descricao', 'valor_estimado', 'data_avaliacao', 'onerado', 'saldo_devedor',
    'percentual_propriedade', 'uf',
  ],
  fonte_de_renda: [
    'id', 'cpf', 'tipo', 'pagador', 'cnpj_pagador', 'ocupacao', 'valor', 'periodicidade', 'desde', 'comprovada',
  ],
}; // prettier-ignore
