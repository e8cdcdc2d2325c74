// Sends one message with the official SDK and prints the seconds that the send took.
import { SinchClient } from '@sinch/sdk-core';

const { SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_APP_ID, SINCH_AUTH_HOST, SINCH_CONVERSATION_BASE_URL } = process.env;
const { messages } = new SinchClient({
  projectId: SINCH_PROJECT_ID,
  keyId: SINCH_KEY_ID,
  keySecret: SINCH_KEY_SECRET,
  conversationRegion: 'us',
  authHostname: SINCH_AUTH_HOST,
  conversationHostname: SINCH_CONVERSATION_BASE_URL,
}).conversation;

const began = process.hrtime.bigint();
const { message_id } = await messages.sendTextMessage({
  sendMessageRequestBody: {
    app_id: SINCH_APP_ID,
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: '15551230000' }] } },
    message: { text_message: { text: 'Your table is ready. We hold it for a quarter of an hour.' } },
  },
});
if (!message_id) {
  throw new Error('the response to a send has no message_id');
}
console.log(Number(process.hrtime.bigint() - began) / 1e9);
