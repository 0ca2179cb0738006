'use strict';

// The other side of conversations, by ws. Each line of stdin is a plan (sockets_support.py) as JSON: with a `url` to
// connect to, or without one to serve a client. Lines of stdout tell the `port` of such a server, and each talk.

const http = require('http');
const readline = require('readline');
const { WebSocket, WebSocketServer } = require('ws');

const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n');
const encode = (data, isBinary) => (isBinary ? { base64: data.toString('base64') } : { text: data.toString() });
const decode = (data) => ('text' in data ? data.text : Buffer.from(data.base64, 'base64'));

// Names as in the header become those of ws.
function deflateOptions(parameters) {
  if (!parameters) return false;
  const options = { threshold: 0 };
  for (const name in parameters) options[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = parameters[name];
  return options;
}

function follow(plan, socket, talk) {
  let pings = 0;
  const closeOnceDone = () => {
    if (plan.close && talk.messages.length === plan.hears && talk.pongs.length === pings) socket.close(...plan.close);
  };
  socket.on('message', (data, isBinary) => {
    talk.messages.push(encode(data, isBinary));
    closeOnceDone();
  });
  socket.on('pong', (data) => {
    talk.pongs.push(data.toString());
    closeOnceDone();
  });
  for (const message of plan.says) {
    message.forEach((fragment, number) => {
      if (number && plan.pings) socket.ping(String(pings++));
      const data = decode(fragment);
      socket.send(data, { binary: typeof data !== 'string', fin: number === message.length - 1 });
    });
  }
  closeOnceDone();
}

function watch(socket, talk) {
  socket.on('error', (error) => {
    talk.error = error.message;
  });
  socket.on('close', (code, reason) => {
    talk.close = [code, reason.toString()];
    tell(talk);
  });
}

function connect(plan, talk) {
  const socket = new WebSocket(plan.url, { perMessageDeflate: deflateOptions(plan.deflate) });
  watch(socket, talk);
  socket.on('upgrade', (response) => {
    talk.extensions = response.headers['sec-websocket-extensions'] || '';
  });
  socket.on('open', () => follow(plan, socket, talk));
}

function serve(plan, talk) {
  const server = http.createServer();
  const upgrader = new WebSocketServer({ server, perMessageDeflate: deflateOptions(plan.deflate) });
  upgrader.on('headers', (headers) => {
    const name = 'Sec-WebSocket-Extensions: ';
    talk.extensions = (headers.find((header) => header.startsWith(name)) || name).slice(name.length);
  });
  upgrader.on('connection', (socket) => {
    server.close();
    watch(socket, talk);
    follow(plan, socket, talk);
  });
  server.listen(0, '127.0.0.1', () => tell({ port: server.address().port }));
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const plan = JSON.parse(line);
  const talk = { messages: [], pongs: [], close: null, extensions: '' };
  (plan.url ? connect : serve)(plan, talk);
});
