// Receives callbacks with the official SDK behind node:http, and prints its address. For each line of standard input it prints
// the CPU time of this process in seconds. It ends at the end of standard input.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { ConversationCallbackWebhooks } from '@sinch/sdk-core';

const webhooks = new ConversationCallbackWebhooks(process.argv[2]);

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (!webhooks.validateAuthenticationHeader(request.headers, body, request.url, request.method)) {
      response.writeHead(401).end();
      return;
    }
    const event = webhooks.parseEvent(body);
    const handled = event.trigger === 'MESSAGE_INBOUND' || event.trigger === 'MESSAGE_DELIVERY';
    response.writeHead(handled ? 200 : 500).end();
  });
});
server.keepAliveTimeout = 600_000;
await once(server.listen(0, '127.0.0.1'), 'listening');
console.log(`127.0.0.1:${server.address().port}`);

for await (const _ of createInterface({ input: process.stdin })) {
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1e6);
}
process.exit();
