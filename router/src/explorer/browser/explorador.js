const { query, variables, authorization, workers } = JSON.parse(document.getElementById('data').textContent);

globalThis.MonacoEnvironment = { getWorkerUrl: (_module, label) => workers[label] };

YogaGraphiQL.renderYogaGraphiQL(document.getElementById('graphiql'), {
  title: 'Pessoa',
  endpoint: '/graphql',
  query,
  variables: JSON.stringify(variables, null, 2),
  headers: JSON.stringify({ authorization }, null, 2),
  // By itself it keeps what is typed, token and CPFs, in the browser's storage, and the query in the page's address.
  storage: null,
  shouldPersistHeaders: false,
  onEditQuery() {},
});
