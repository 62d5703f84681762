const { query, authorization } = JSON.parse(document.getElementById('data').textContent);

const names = { divida: 'Debt (Base A)', score: 'Score (Base B)', evento: 'Event (Base C)', auditoria: 'Auditoria' };
const sources = document.getElementById('fontes');

const item = (text, state) => {
  const element = document.createElement('li');
  element.textContent = text;
  element.dataset.state = state;
  return element;
};

/** Shows the state of the router and of each source. */
async function showSources() {
  const answer = await fetch('/health/ready');
  const { fontes = {} } = await answer.json();
  sources.replaceChildren(
    item(`Roteador: ${answer.ok ? 'pronto' : 'ainda não pronto'}`, answer.ok ? 'ok' : 'fora'),
    ...Object.entries(fontes).map(([name, state]) => item(`${names[name] ?? name}: ${state}`, state)),
  );
}
const refresh = () => showSources().catch(() => sources.replaceChildren(item('O roteador não responde.', 'fora')));
refresh();
setInterval(refresh, 10_000);

/** Sends the example query for a person, and shows the JSON of the answer. */
async function ask({ cpf, situacao }) {
  const section = document.getElementById('resposta');
  section.querySelector('h3').textContent = `${cpf}: ${situacao}`;
  section.hidden = false;
  const output = section.querySelector('code');
  output.textContent = '…';
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization !== '' && { authorization }) },
    body: JSON.stringify({ query, variables: { cpf } }),
  });
  output.textContent = JSON.stringify(await answer.json(), null, 2);
  section.scrollIntoView({ block: 'nearest' });
}

for (const button of document.querySelectorAll('button[data-cpf]')) {
  button.addEventListener('click', () => ask(button.dataset));
}
document.getElementById('origem').textContent = location.origin;
