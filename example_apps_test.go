package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

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

// An app of another region is missing from the list: ask the client of that region.
func ExampleAppsService_List() {
	client := exampleClient(canned(200, `{"apps":[{"id":"01SHOP","display_name":"Shop"},{"id":"01BANK","display_name":"Bank"}]}`))

	list, err := client.Apps.List(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, app := range list.Apps {
		fmt.Println(app.ID, app.DisplayName)
	}
	// Output:
	// 01SHOP Shop
	// 01BANK Bank
}

// Before a campaign: how fast the app sends, and how much is still in its queue.
func ExampleAppsService_Get() {
	client := exampleClient(canned(200, `{"id":"APP_ID","rate_limits":{"outbound":20},"queue_stats":{"outbound_size":1200,"outbound_limit":500000}}`))

	app, err := client.Apps.Get(context.Background(), "APP_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	ahead := time.Duration(app.QueueStats.OutboundSize) * time.Second / time.Duration(app.RateLimits.Outbound)
	fmt.Println("a new message waits for", ahead)
	// Output: a new message waits for 1m0s
}

// A nil field stays as it is. The update mask is derived from the fields that are set.
func ExampleAppsService_Update() {
	client := exampleClient(printing(`{"id":"APP_ID"}`))

	_, err := client.Apps.Update(context.Background(), "APP_ID", &conversation.UpdateAppRequest{
		MessageRetrySettings: &conversation.MessageRetrySettings{RetryDuration: 600},
	})
	fmt.Println(err)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/apps/APP_ID?update_mask=message_retry_settings {"message_retry_settings":{"retry_duration":600}}
	// <nil>
}

func ExampleAppsService_Delete() {
	client := exampleClient(canned(404, `{"error":{"code":404,"message":"app not found","status":"NOT_FOUND"}}`))

	err := client.Apps.Delete(context.Background(), "APP_ID")
	if errors.Is(err, conversation.ErrNotFound) { // in this region
		fmt.Println("there is no such app")
	}
	// Output: there is no such app
}

func ExampleProjectSettingsService_Create() {
	client := exampleClient(canned(200, `{"settings":{"contact_settings":{"unified_contact_id_enabled":true}}}`))

	created, err := client.ProjectSettings.Create(context.Background(), &conversation.ProjectSettingsRequest{
		ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(created.Settings.ContactSettings.UnifiedContactIDEnabled)
	// Output: true
}

// A project without settings has the defaults.
func ExampleProjectSettingsService_Get() {
	client := exampleClient(canned(404, `{"error":{"code":404,"message":"settings not found","status":"NOT_FOUND"}}`))

	_, err := client.ProjectSettings.Get(context.Background())
	fmt.Println("defaults:", errors.Is(err, conversation.ErrNotFound))
	// Output: defaults: true
}

func ExampleProjectSettingsService_Update() {
	client := exampleClient(printing(`{"settings":{"contact_settings":{"unified_contact_id_enabled":true}}}`))

	set, err := client.ProjectSettings.Update(context.Background(), &conversation.ProjectSettingsRequest{
		ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Settings.ContactSettings.UnifiedContactIDEnabled)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/settings {"contact_settings":{"unified_contact_id_enabled":true}}
	// true
}

func ExampleProjectSettingsService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.ProjectSettings.Delete(context.Background()))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/settings
	// <nil>
}
