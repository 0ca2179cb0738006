'use strict';

// A client of socket.io at the URL that is its argument. It prints what comes, and why it was disconnected.

const { io } = require('socket.io-client');

const socket = io(process.argv[2], { transports: ['websocket'], reconnection: false });
socket.on('connect', () => socket.emit('add', 1, 2, (sum) => console.log(sum)));
socket.on('picture', (bytes) => socket.emit('seen', bytes.length));
socket.on('connect_error', (error) => console.log(error.message));
socket.on('disconnect', (reason) => console.log(reason));
