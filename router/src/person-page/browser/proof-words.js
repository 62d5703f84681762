import { count, counted } from './format.js';

/** @typedef {import('./proven-reads.js').Mark} Mark */
/** @typedef {{ title: string, text?: string, kind: 'certa' | 'espera' | 'falha' | 'fora' }} Words */

const FAULTS = /** @type {const} */ ({
  FORMA: 'A prova veio ilegível.',
  REGISTRO: 'O registro não é o que o log da auditoria guarda.',
  ASSINATURA: 'A chave do log não assinou este checkpoint.',
  LISTA: 'A lista não mostra o que o registro provado diz.',
  PESSOA: 'Os registros desta lista são de mais de uma pessoa.',
  REPETIDA: 'A lista mostra o mesmo registro mais de uma vez.',
  FALTA: 'O registro deveria ter prova, como outros desta lista, e não tem.',
});

/** @type {Record<Exclude<Mark['state'], 'PROVADA' | 'SEM_ASSINATURA' | 'NAO_CONFERE'>, Words>} */
const WORDS = {
  CONFERINDO: { kind: 'fora', title: 'Conferindo…' },
  NAO_CONFERIDA: { kind: 'espera', title: 'Prova não conferida', text: 'Este navegador não confere provas. Baixe-a e confira em outro.' }, // prettier-ignore
  PENDENTE: { kind: 'espera', title: 'Ainda sem prova', text: 'O registro entra no log em segundos.' },
  SEM_RESPOSTA: { kind: 'espera', title: 'Ainda sem prova', text: 'O log da auditoria não respondeu.' },
  DESCONHECIDA: { kind: 'falha', title: 'O log não tem este registro', text: 'Confira de novo em um minuto. Se continuar, avise o encarregado de dados.' }, // prettier-ignore
  ANTERIOR: { kind: 'fora', title: 'Sem prova', text: 'Registro anterior às provas, ou pergunta da auditoria.' },
  DE_FORA: { kind: 'fora', title: 'Fora do nosso log', text: 'Informada por outro birô.' },
  DO_TITULAR: { kind: 'fora', title: 'Só o titular vê' },
  EM_SIGILO: { kind: 'espera', title: 'Em sigilo', text: 'Quem, quando e por quê aparecem aqui quando o sigilo terminar.' }, // prettier-ignore
  REMOVIDO: { kind: 'falha', title: 'O registro sumiu', text: 'O log tem esta consulta, e o registro dela não existe mais, sem que o prazo de guarda tenha terminado.' }, // prettier-ignore
  ELIMINADO: { kind: 'espera', title: 'Eliminada', text: 'O prazo de guarda terminou. O log mantém a marca do registro, sem o conteúdo.' }, // prettier-ignore
};

/** What is said of a proof, in words. @param {Mark} mark @returns {Words} */
export function wordsOfProof({ state, fault = 'FORMA', place = 0, checkpoint, record }) {
  const size = counted(checkpoint?.size ?? 0, 'registro', 'registros');
  const where = `lugar ${count(place)} · checkpoint de ${size}${record?.['versao'] === 3 ? ' · feita em sigilo, que já terminou' : ''}`; // prettier-ignore
  switch (state) {
    case 'PROVADA':
      return { kind: 'certa', title: 'Provada', text: where };
    case 'SEM_ASSINATURA':
      return { kind: 'espera', title: 'Provada em parte', text: `${where} · assinatura não conferida` };
    case 'NAO_CONFERE':
      return { kind: 'falha', title: 'A prova não confere', text: FAULTS[fault] };
    default:
      return WORDS[state];
  }
}

/** @type {readonly { states: readonly Mark['state'][], one: string, many: string }[]} */
const COUNTED = [
  { states: ['NAO_CONFERE'], one: 'que não confere', many: 'que não conferem' },
  { states: ['REMOVIDO'], one: 'que sumiu', many: 'que sumiram' },
  { states: ['DESCONHECIDA'], one: 'sem registro no log', many: 'sem registro no log' },
  { states: ['PROVADA'], one: 'provada', many: 'provadas' },
  { states: ['SEM_ASSINATURA'], one: 'provada em parte', many: 'provadas em parte' },
  { states: ['NAO_CONFERIDA'], one: 'não conferida', many: 'não conferidas' },
  { states: ['PENDENTE', 'SEM_RESPOSTA'], one: 'ainda sem prova', many: 'ainda sem prova' },
  { states: ['EM_SIGILO'], one: 'em sigilo', many: 'em sigilo' },
  { states: ['ELIMINADO'], one: 'eliminada', many: 'eliminadas' },
  { states: ['ANTERIOR'], one: 'anterior às provas', many: 'anteriores às provas' },
  { states: ['DE_FORA'], one: 'fora do nosso log', many: 'fora do nosso log' },
];

/** How many reads of a list have which mark, in one line. @param {readonly Mark[]} marks */
export function summaryOf(marks) {
  const said = COUNTED.flatMap(({ states, one, many }) => {
    const number = marks.filter(({ state }) => states.includes(state)).length;
    return number === 0 ? [] : [counted(number, one, many)];
  });
  return said.length === 0 ? '' : `Provas: ${said.join(' · ')}.`;
}

/** @type {ReadonlySet<Mark['state']>} */
const LATER = new Set(['PENDENTE', 'SEM_RESPOSTA', 'SEM_ASSINATURA', 'DESCONHECIDA', 'NAO_CONFERE', 'REMOVIDO']);

/** Whether asking again may show other proofs. @param {readonly Mark[]} marks */
export const mayComeLater = (marks) => marks.some(({ state }) => LATER.has(state));
