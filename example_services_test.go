package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sinchgo/conversation"
)

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
