// The settings of clients in each language, with the addresses and keys of the fake.

import { quote, sendCurl, webhookCurl } from "./curl.js";

const text = JSON.stringify; // A string in Go, JavaScript, Java, Python and C# alike.

// snippetsOf returns the languages: {id, name, blocks}. A block is {title, code, note}.
export function snippetsOf(setup) {
  return [
    { id: "env", name: "Environment", blocks: environment(setup) },
    { id: "curl", name: "curl", blocks: shell(setup) },
    { id: "go", name: "Go", blocks: go(setup) },
    { id: "node", name: "Node", blocks: node(setup) },
    { id: "java", name: "Java", blocks: java(setup) },
    { id: "python", name: "Python", blocks: python(setup) },
    { id: "dotnet", name: ".NET", blocks: dotnet(setup) },
  ];
}

// isFar reports whether a client of the Go SDK needs permission to send credentials to the fake: they would cross a network.
function isFar({ base_url }) {
  const { protocol, hostname } = new URL(base_url);
  return protocol === "http:" && hostname !== "localhost" && !/^127\.|^\[::1\]$/.test(hostname);
}

function environment(setup) {
  const variables = [
    ["SINCH_PROJECT_ID", setup.project_id], ["SINCH_KEY_ID", setup.key_id], ["SINCH_KEY_SECRET", setup.key_secret], ["SINCH_APP_ID", setup.app_id],
    ["SINCH_CONVERSATION_BASE_URL", setup.base_url], ["SINCH_BATCH_BASE_URL", setup.batch_url], ["SINCH_TOKEN_URL", setup.token_url],
    ...(isFar(setup) ? [["SINCH_CONVERSATION_INSECURE_HTTP", "true"]] : []),
  ];
  return [
    { title: "For a shell", code: variables.map(([name, value]) => `export ${name}=${quote(value)}`).join("\n"), note: "conversation.NewClientFromEnv of the Go SDK reads all but SINCH_APP_ID. Other SDKs read no addresses from the environment." },
    { title: "As a .env file", code: variables.map(([name, value]) => `${name}=${quote(value)}`).join("\n") },
  ];
}

function shell(setup) {
  return [
    { title: "Send a message", code: sendCurl(setup) },
    { title: "Register a webhook", code: webhookCurl(setup), note: "The fake calls the target with signed callbacks. Traffic shows them." },
  ];
}

function go(setup) {
  const insecure = isFar(setup) ? "\n\tconversation.WithInsecureHTTP()," : "";
  return [
    {
      title: "A client",
      code: `client, err := conversation.NewClient(${text(setup.project_id)},
	conversation.WithOAuth2(${text(setup.key_id)}, ${text(setup.key_secret)}),
	conversation.WithBaseURL(${text(setup.base_url)}),
	conversation.WithBatchBaseURL(${text(setup.batch_url)}),
	conversation.WithTokenURL(${text(setup.token_url)}),
	conversation.WithDialect(conversation.DialectPlatform),${insecure}
)`,
      note: "With the environment variables, conversation.NewClientFromEnv() does the same.",
    },
    {
      title: "A message",
      code: `_, err = client.Messages.Send(ctx, &conversation.SendMessageRequest{
	AppID:     ${text(setup.app_id)},
	Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	Message:   conversation.Text("Your parcel has arrived."),
})`,
    },
  ];
}

function node(setup) {
  return [{
    title: "@sinch/sdk-core",
    code: `import { SinchClient } from "@sinch/sdk-core";

const sinch = new SinchClient({
  projectId: ${text(setup.project_id)},
  keyId: ${text(setup.key_id)},
  keySecret: ${text(setup.key_secret)},
  conversationRegion: "us",
  authHostname: ${text(setup.base_url)},
  conversationHostname: ${text(setup.base_url)},
  conversationTemplatesHostname: ${text(setup.base_url)},
});

await sinch.conversation.messages.send({
  sendMessageRequestBody: {
    app_id: ${text(setup.app_id)},
    recipient: { identified_by: { channel_identities: [{ channel: "SMS", identity: "15551230000" }] } },
    message: { text_message: { text: "Your parcel has arrived." } },
  },
});`,
  }];
}

function java(setup) {
  return [{
    title: "com.sinch.sdk:sinch-sdk-java",
    code: `import com.sinch.sdk.SinchClient;
import com.sinch.sdk.models.Configuration;
import com.sinch.sdk.models.ConversationRegion;

SinchClient sinch = new SinchClient(Configuration.builder()
    .setProjectId(${text(setup.project_id)})
    .setKeyId(${text(setup.key_id)})
    .setKeySecret(${text(setup.key_secret)})
    .setOAuthUrl(${text(setup.token_url)})
    .setConversationRegion(ConversationRegion.US)
    .setConversationUrl(${text(setup.base_url)})
    .setConversationTemplateManagementUrl(${text(setup.base_url)})
    .build());

String appId = ${text(setup.app_id)};`,
    note: "The SDK requires a region, but calls the URLs.",
  }];
}

function python(setup) {
  const host = setup.base_url.replace(/^https?:\/\//, "");
  return [
    {
      title: "sinch, version 2",
      code: `from sinch import SinchClient

sinch_client = SinchClient(
    project_id=${text(setup.project_id)},
    key_id=${text(setup.key_id)},
    key_secret=${text(setup.key_secret)},
    conversation_region="us",
)
sinch_client.configuration.auth_origin = ${text(setup.base_url)}
sinch_client.configuration.conversation_origin = ${text(setup.base_url)}

app_id = ${text(setup.app_id)}`,
      note: "Set the origins after the client is created: setting a region later replaces them.",
    },
    {
      title: "sinch, version 1",
      code: `sinch_client.configuration.disable_https = ${setup.base_url.startsWith("http:") ? "True" : "False"}
sinch_client.configuration.auth_origin = ${text(host)}
sinch_client.configuration.conversation_origin = ${text(host)}
sinch_client.configuration.templates_origin = ${text(host)}`,
      note: "Its origins have no scheme.",
    },
  ];
}

function dotnet(setup) {
  return [{
    title: "Sinch, version 1",
    code: `using Sinch;

var sinch = new SinchClient(
    ${text(setup.project_id)}, ${text(setup.key_id)}, ${text(setup.key_secret)},
    options => options.ApiUrlOverrides = new ApiUrlOverrides
    {
        AuthUrl = ${text(setup.base_url)},
        ConversationUrl = ${text(setup.base_url)},
        TemplatesUrl = ${text(setup.base_url)},
    });

var appId = ${text(setup.app_id)};`,
  }, {
    title: "Sinch, version 2",
    code: `using Sinch;
using Sinch.Auth;
using Sinch.Conversation;

var sinch = new SinchClient(new SinchClientConfiguration
{
    SinchUnifiedCredentials = new SinchUnifiedCredentials
    {
        ProjectId = ${text(setup.project_id)},
        KeyId = ${text(setup.key_id)},
        KeySecret = ${text(setup.key_secret)},
    },
    SinchOAuthConfiguration = new SinchOAuthConfiguration { UrlOverride = ${text(setup.base_url)} },
    ConversationConfiguration = new SinchConversationConfiguration
    {
        ConversationUrlOverride = ${text(setup.base_url)},
        TemplateUrlOverride = ${text(setup.base_url)},
    },
});`,
  }];
}
