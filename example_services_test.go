package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation"
)

// printing shows what is sent, and answers it with one reply.
func printing(body string) conversation.Option {
	return conversation.WithHTTPClient(&http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
		sent, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		fmt.Println(req.Method, req.URL.Path, string(sent))
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	})})
}

// A pointer to the zero value clears a field; a nil field stays as it is.
func ExampleContactsService_Update() {
	client := exampleClient(printing(`{"id":"CONTACT_ID","display_name":"Ada"}`))

	contact, err := client.Contacts.Update(context.Background(), "CONTACT_ID", &conversation.UpdateContactRequest{
		Email: new(""),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s has the email address %q\n", contact.DisplayName, contact.Email)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/contacts/CONTACT_ID {"email":""}
	// Ada has the email address ""
}

func ExampleContactsService_All() {
	client := exampleClient(canned(200, `{"contacts":[{"display_name":"Ada"},{"display_name":"Grace"}]}`))

	for contact, err := range client.Contacts.All(context.Background(), nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(contact.DisplayName)
	}
	// Output:
	// Ada
	// Grace
}

func ExampleConversationsService_Update() {
	client := exampleClient(printing(`{"id":"CONVERSATION_ID"}`))

	thread, err := client.Conversations.Update(context.Background(), "CONVERSATION_ID", &conversation.UpdateConversationRequest{
		Active: new(false),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("active:", thread.Active)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/conversations/CONVERSATION_ID {"active":false}
	// active: false
}

func ExampleAppsService_Create() {
	client := exampleClient(canned(200, `{"id":"APP_ID","display_name":"Shop"}`))

	app, err := client.Apps.Create(context.Background(), &conversation.CreateAppRequest{
		DisplayName: "Shop",
		ChannelCredentials: []conversation.ChannelCredential{{
			Channel:      conversation.ChannelSMS,
			StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "SERVICE_PLAN_ID", Token: "API_TOKEN"},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.ID)
	// Output: APP_ID
}

func ExampleWebhooksService_Create() {
	client := exampleClient(canned(200, `{"id":"WEBHOOK_ID"}`))

	webhook, err := client.Webhooks.Create(context.Background(), "APP_ID", &conversation.CreateWebhookRequest{
		Target:   "https://shop.example.com/sinch",
		Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
		Secret:   "WEBHOOK_SECRET",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(webhook.ID)
	// Output: WEBHOOK_ID
}

func ExampleEventsService_Send() {
	client := exampleClient(canned(200, `{"event_id":"EVENT_ID"}`))

	sent, err := client.Events.Send(context.Background(), &conversation.SendEventRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Event:     conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.EventID)
	// Output: EVENT_ID
}

func ExampleCapabilityService_Query() {
	client := exampleClient(canned(200, `{"request_id":"REQUEST_ID"}`))

	query, err := client.Capability.Query(context.Background(), &conversation.CapabilityQueryRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230000"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(query.RequestID) // the CAPABILITY callback with the result carries it
	// Output: REQUEST_ID
}

func ExampleTranscodingService_Transcode() {
	client := exampleClient(canned(200, `{"transcoded_message":{"SMS":"Your table\nTonight at eight."}}`))

	shown, err := client.Transcoding.Transcode(context.Background(), &conversation.TranscodeRequest{
		AppID:      "APP_ID",
		AppMessage: conversation.Card("Your table", "Tonight at eight."),
		Channels:   []conversation.Channel{conversation.ChannelSMS},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shown.TranscodedMessage["SMS"])
	// Output:
	// Your table
	// Tonight at eight.
}

// A conversation's metadata is read, one key is changed, and the rest is written back with the digits that it came with.
func ExampleJSONObject() {
	var read conversation.Conversation
	_ = json.Unmarshal([]byte(`{"metadata_json":{"order":9007199254740993,"state":"new"}}`), &read)
	read.MetadataJSON["state"] = "paid"
	written, err := json.Marshal(conversation.UpdateConversationRequest{MetadataJSON: read.MetadataJSON})
	fmt.Println(string(written), err)
	// Output: {"metadata_json":{"order":9007199254740993,"state":"paid"}} <nil>
}

// A webhook prints without its secret, so that it can be logged.
func ExampleWebhook() {
	hook := conversation.Webhook{ID: "01HX", Target: "https://shop.example/sinch", Secret: "WEBHOOK_SECRET"}
	fmt.Println(hook)
	// Output:
	// {ID:01HX Secret:*** Target:https://shop.example/sinch}
}
