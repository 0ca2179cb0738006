'use strict';

// A server of socket.io, over WebSocket alone, whose heart beats fast. Its port is a line of stdout; it ends with its
// stdin.

const http = require('http');
const { Server } = require('socket.io');

const server = http.createServer();
const io = new Server(server, { transports: ['websocket'], pingInterval: 50, pingTimeout: 20000 });

io.on('connection', (socket) => socket.on('add', (a, b, answer) => answer(a + b)));

const admin = io.of('/admin');
admin.use((socket, next) => next(socket.handshake.auth.token === 'secret/1' ? undefined : new Error('who are you?')));
admin.on('connection', (socket) => socket.emit('hello'));

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
