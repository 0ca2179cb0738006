'use strict';

// GraphQL over WebSocket, by graphql-ws. As a server: a subscription of three ticks for guests, and for whoever has the
// right token; who has another one is closed with 4403. Its port is a line of stdout; it ends with its stdin.
// With a URL as the argument it is a client, which prints the ticks that it gets.

const { buildSchema } = require('graphql');
const { createClient } = require('graphql-ws');
const { useServer } = require('graphql-ws/use/ws');
const { WebSocket, WebSocketServer } = require('ws');

const schema = buildSchema('type Query { nothing: Int } type Subscription { tick: Int! }');
const roots = {
  subscription: {
    async *tick() {
      for (const tick of [1, 2, 3]) yield { tick };
    },
  },
};

function serve() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/graphql' });
  const onConnect = ({ extra }) => [undefined, 'Bearer secret/1'].includes(extra.request.headers.authorization);
  useServer({ schema, roots, onConnect }, server);
  server.on('listening', () => console.log(server.address().port));
  process.stdin.on('end', () => process.exit()).resume();
}

async function subscribe(url) {
  const client = createClient({ url, webSocketImpl: WebSocket, keepAlive: 20, retryAttempts: 0 });
  for await (const { data } of client.iterate({ query: 'subscription{tick}' })) console.log(data.tick);
  await client.dispose();
}

if (process.argv[2]) subscribe(process.argv[2]);
else serve();
