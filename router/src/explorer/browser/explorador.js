const { query, variables, authorization, workers } = JSON.parse(document.getElementById('data').textContent);

globalThis.MonacoEnvironment = { getWorkerUrl: (_module, label) => workers[label] };

YogaGraphiQL.renderYogaGraphiQL(document.getElementById('graphiql'), {
  title: 'Pessoa',
  endpoint: '/graphql',
  query,
  variables: JSON.stringify(variables, null, 2),
  headers: JSON.stringify({ authorization }, null, 2),
  // By default GraphiQL stores its input, with token and CPFs, in the browser, and puts the query into the page's
  // address.
  storage: null,
  shouldPersistHeaders: false,
  onEditQuery() {},
});
