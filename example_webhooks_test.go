package conversation_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/sinchgo/conversation"
)

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

func ExampleWebhooksService_List() {
	client := exampleClient(canned(200, `{"webhooks":[{"id":"WEBHOOK_ID","target":"https://shop.example/sinch","triggers":["MESSAGE_INBOUND"]}]}`))

	list, err := client.Webhooks.List(context.Background(), "APP_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, webhook := range list.Webhooks {
		fmt.Println(webhook.Target, webhook.Triggers)
	}
	// Output: https://shop.example/sinch [MESSAGE_INBOUND]
}

func ExampleWebhooksService_Get() {
	client := exampleClient(canned(200, `{"id":"WEBHOOK_ID","target":"https://shop.example/sinch","triggers":["MESSAGE_INBOUND"]}`))

	webhook, err := client.Webhooks.Get(context.Background(), "WEBHOOK_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("reports deliveries:", slices.Contains(webhook.Triggers, conversation.TriggerMessageDelivery))
	// Output: reports deliveries: false
}

// Triggers are replaced as a whole, so name the old ones too.
func ExampleWebhooksService_Update() {
	client := exampleClient(printing(`{"id":"WEBHOOK_ID"}`))

	_, err := client.Webhooks.Update(context.Background(), "WEBHOOK_ID", &conversation.UpdateWebhookRequest{
		Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
	})
	fmt.Println(err)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/webhooks/WEBHOOK_ID?update_mask=triggers {"triggers":["MESSAGE_INBOUND","MESSAGE_DELIVERY"]}
	// <nil>
}

func ExampleWebhooksService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.Webhooks.Delete(context.Background(), "WEBHOOK_ID"))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/webhooks/WEBHOOK_ID
	// <nil>
}
