import { maskCpf } from './cpf.js';
import { h } from './dom.js';
import { cep, count, instant, NOTHING } from './format.js';
import { lossOf, wordsOfLoss } from './losses.js';
import { finalidade, situacaoCadastral } from './words.js';

/** @param {any} endereco */
function addressText({ logradouro, numero, complemento, bairro, cidade, uf, cep: code }) {
  const street = [logradouro, numero].filter(Boolean).join(', ');
  const city = [cidade, uf].filter(Boolean).join('/');
  return [street, complemento, bairro, city, code && `CEP ${cep(code)}`].filter(Boolean).join(' · ') || NOTHING;
}

/** The head of the sheet: who it is, and for what purpose somebody asked. @param {any} answer */
export function identityView(answer) {
  const { pessoa, errors, omitted, finalidade: purpose, askedAt, user } = answer;
  const item = (/** @type {string} */ name, /** @type {any} */ value, /** @type {string} */ className = '') => h('div', { class: className }, h('dt', {}, name), h('dd', {}, value)); // prettier-ignore
  const orLoss = (/** @type {string} */ place, /** @type {any} */ value) => {
    if (value !== null && value !== undefined) return value;
    const loss = lossOf(answer, place);
    return loss ? h('span', { class: 'ausente' }, wordsOfLoss(loss).title) : NOTHING;
  };
  const idade = pessoa.perfil?.idade ?? null;
  const isUnknown =
    errors.length === 0 && omitted === 0 && pessoa.nome === null && pessoa.score === null && pessoa.eventos === null;
  return h(
    'header',
    { class: 'identidade' },
    h('p', { class: 'so-papel marca' }, 'Pessoa · Relatório sobre os dados de uma pessoa'),
    h('h2', { id: 'nome', class: 'nome', tabindex: '-1' }, pessoa.nome ?? (isUnknown ? 'Nada consta' : orLoss('nome', null) === NOTHING ? 'Nome não informado' : 'Nome indisponível')), // prettier-ignore
    isUnknown && h('p', { class: 'sub' }, 'Nenhuma das três bases conhece este CPF. Não é um erro, nem diz nada contra a pessoa.'), // prettier-ignore
    h(
      'dl',
      { class: 'dados' },
      item('CPF', h('span', { class: 'numero' }, maskCpf(pessoa.cpf))),
      item('Situação cadastral', orLoss('situacaoCadastral', pessoa.situacaoCadastral && situacaoCadastral(pessoa.situacaoCadastral))), // prettier-ignore
      item('Idade', orLoss('perfil.idade', idade === null ? null : `${count(idade)} anos`)), // prettier-ignore
      item('Endereço', orLoss('endereco', pessoa.endereco && addressText(pessoa.endereco)), 'dupla-coluna'),
      item('Finalidade', finalidade(purpose)),
      item('Consultado em', `${instant(askedAt.toISOString())}, por ${user}`, 'dupla-coluna'),
    ),
  );
}
