// Parses the body, looks its key up in a map, answers.
'use strict';
const http = require('http');

const waiting = new Map();
const answer = Buffer.from('{"status":"delivered"}');

const server = http.createServer({ keepAliveTimeout: 75000, requestTimeout: 0 }, (request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = JSON.parse(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    waiting.get(body.task_id);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    response.end(answer);
  });
});
server.maxRequestsPerSocket = 0;
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
