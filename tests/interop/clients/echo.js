// A client that sends back what it is sent, as a library of Node has it: node echo.js LIBRARY URL.
'use strict';
const [library, url] = process.argv.slice(2);

// As browsers have it.
function echo(WebSocket) {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = (event) => socket.send(event.data);
  socket.onerror = () => {};
}

const clients = {
  ws() {
    const { WebSocket } = require('ws');
    const socket = new WebSocket(url, { maxPayload: 0 });
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('error', (error) => console.error(String(error)));
  },
  undici() {
    echo(require('undici').WebSocket);
  },
  websocket() {
    const client = new (require('websocket').client)({ maxReceivedFrameSize: 1 << 24, maxReceivedMessageSize: 1 << 24 });
    client.on('connectFailed', (error) => console.error(String(error)));
    client.on('connect', (connection) => {
      connection.on('error', (error) => console.error(String(error)));
      connection.on('message', (message) => {
        if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
        else connection.sendBytes(message.binaryData);
      });
    });
    client.connect(url);
  },
  'faye-websocket'() {
    const { Client } = require('faye-websocket');
    const extensions = [];
    try {
      extensions.push(require('permessage-deflate'));
    } catch {
      // without
    }
    const socket = new Client(url, [], { extensions, maxLength: 1 << 24 });
    socket.on('message', (event) => socket.send(event.data));
    socket.on('error', (error) => console.error(error.message));
  },
};
clients[library]();
