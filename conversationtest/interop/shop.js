// A shop on the official Node SDK. docs/from-node.md shows it beside the same shop in Go.
import { ConversationCallbackWebhooks, SinchClient } from '@sinch/sdk-core';
import express from 'express';

const { env } = process;
const { conversation } = new SinchClient({
  projectId: env.SINCH_PROJECT_ID,
  keyId: env.SINCH_KEY_ID,
  keySecret: env.SINCH_KEY_SECRET,
  conversationRegion: env.SINCH_CONVERSATION_REGION,
  authHostname: env.SINCH_AUTH_HOSTNAME, // of the fake; not set in production
  conversationHostname: env.SINCH_CONVERSATION_BASE_URL,
});
const callbacks = new ConversationCallbackWebhooks(env.SINCH_WEBHOOK_SECRET);
const app_id = env.SINCH_APP_ID;
const shop = express();

// Confirms an order on RCS, and on SMS if RCS fails.
shop.post('/orders', express.json(), async (request, response) => {
  const { order, phone } = request.body;
  try {
    const { message_id } = await conversation.messages.sendTextMessage({
      sendMessageRequestBody: {
        app_id,
        recipient: {
          identified_by: { channel_identities: [{ channel: 'RCS', identity: phone }, { channel: 'SMS', identity: phone }] },
        },
        message: { text_message: { text: `Order ${order} is confirmed.` } },
        channel_priority_order: ['RCS', 'SMS'],
        correlation_id: `order-${order}`,
        ttl: '3600s',
      },
    });
    response.status(202).json({ message_id });
  } catch (error) {
    console.error(`order ${order}: ${error.message}`);
    const rejected = error.statusCode >= 400 && error.statusCode < 500;
    response.status(rejected ? 422 : 502).json({ error: rejected ? 'rejected' : 'unknown' });
  }
});

// Receives callbacks: answers messages, and logs delivery reports.
shop.post('/sinch', express.text({ type: '*/*' }), async (request, response) => {
  const { headers, body } = request;
  if (!callbacks.validateAuthenticationHeader(headers, body, request.path, request.method)) {
    response.sendStatus(401);
    return;
  }
  const event = callbacks.parseEvent(body);
  try {
    if (event.trigger === 'MESSAGE_INBOUND') {
      await answer(event.message);
    } else if (event.trigger === 'MESSAGE_DELIVERY') {
      const { message_id, status, reason } = event.message_delivery_report;
      console.log('delivery', message_id, status, reason?.code ?? '');
    }
    response.sendStatus(200);
  } catch (error) {
    console.error(`answer: ${error.message}`);
    response.sendStatus(500); // Sinch delivers the callback again
  }
});

const answer = ({ contact_id, channel_identity }) => conversation.messages.sendTextMessage({
  sendMessageRequestBody: {
    app_id,
    recipient: contact_id ? { contact_id } : { identified_by: { channel_identities: [channel_identity] } },
    message: { text_message: { text: 'Thank you, we will be in touch.' } },
  },
});

// Lists the texts of an app's messages.
shop.get('/messages', async (_request, response) => {
  const texts = [];
  for await (const message of conversation.messages.list({ app_id, page_size: 100 })) {
    texts.push((message.app_message ?? message.contact_message)?.text_message?.text);
  }
  response.json(texts);
});

shop.listen(env.PORT, '127.0.0.1', () => console.log('listening'));
