// Sends messages with the official SDK. Each line of standard input, "<in flight> <calls>", is one measurement. Its result is a
// line of JSON with the wall and CPU seconds.
import { createInterface } from 'node:readline';

import { SinchClient } from '@sinch/sdk-core';

const [baseURL, projectId, app_id, number, text] = process.argv.slice(2);
const { messages } = new SinchClient({
  projectId,
  keyId: 'key-id',
  keySecret: 'key-secret',
  conversationRegion: 'us',
  authHostname: baseURL,
  conversationHostname: baseURL,
}).conversation;

const send = () =>
  messages.sendTextMessage({
    sendMessageRequestBody: {
      app_id,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: number }] } },
      message: { text_message: { text } },
    },
  });

for await (const line of createInterface({ input: process.stdin })) {
  const [inFlight, calls] = line.split(' ').map(Number);
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let left = calls;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) {
        const { message_id } = await send();
        if (!message_id) {
          throw new Error('the response to a send has no message_id');
        }
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ wall: Number(process.hrtime.bigint() - began) / 1e9, cpu: (user + system) / 1e6 }));
}
