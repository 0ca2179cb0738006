'use strict';

// An echo of ws, which compresses everything. Its port is a line of stdout; it ends with its stdin.

const { WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } });
server.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
server.on('listening', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
