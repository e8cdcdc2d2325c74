// Makes calls with the official SDK. Each line of standard input, "<Send, Get or List> <in flight> <calls>", is one measurement. Its
// result is a line of JSON with the wall and CPU seconds, and the latency in seconds that 99 % of the calls do not exceed.
import { createInterface } from 'node:readline';

import { SinchClient } from '@sinch/sdk-core';

const [baseURL, projectId, app_id, message_id, number, text, pageSize] = process.argv.slice(2);
const { messages } = new SinchClient({
  projectId,
  keyId: 'key-id',
  keySecret: 'key-secret',
  conversationRegion: 'us',
  authHostname: baseURL,
  conversationHostname: baseURL,
}).conversation;

const made = {
  async Send() {
    const sent = await messages.sendTextMessage({
      sendMessageRequestBody: {
        app_id,
        recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: number }] } },
        message: { text_message: { text } },
      },
    });
    return sent.message_id;
  },
  async Get() {
    const message = await messages.get({ message_id });
    return message.id;
  },
  async List() {
    const page = await messages.list({ page_size: Number(pageSize) });
    return page.data[Number(pageSize) - 1].id;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...numbers] = line.split(' ');
  const [inFlight, calls] = numbers.map(Number);
  const call = made[name];
  const took = [];
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let left = calls;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) {
        const started = performance.now();
        if (!(await call())) {
          throw new Error(`the response to ${name} has no id`);
        }
        took.push(performance.now() - started);
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  took.sort((a, b) => a - b);
  const p99 = took[Math.ceil(took.length * 0.99) - 1] / 1e3;
  console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, p99 }));
}
