package doctor_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationtest"
)

// A program prints what is wrong when it starts. Here, the webhook of the app lacks a trigger.
func ExampleRun() {
	srv := conversationtest.NewServer(conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	defer srv.Close()
	srv.AddWebhook(srv.BaseURL()+"/sinch", "secret", conversation.TriggerMessageInbound)
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}

	findings, err := doctor.Run(context.Background(), client, doctor.Options{AppID: srv.AppID(), SkipTargets: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range findings {
		if finding.Level == doctor.LevelFailure {
			fmt.Println(finding.Check + ": " + finding.Message)
		}
	}
	// Output:
	// channels: the app has no channels: messages are accepted with 200 and then fail with CHANNEL_CONFIGURATION_MISSING
	// webhook.triggers: no webhook has MESSAGE_DELIVERY: these callbacks are not sent
}

// The environment can be checked before there is a client.
func ExampleSettings() {
	environment := map[string]string{
		"SINCH_PROJECT_ID": "0a1b2c3d-1111-4222-8333-444455556666", "SINCH_KEY_ID": "a key id", "SINCH_KEY_SECRET": "made-up",
		"SINCH_CONVERSATION_REGION": "eu",
	}
	lookup := func(name string) (string, bool) { value, ok := environment[name]; return value, ok } // os.LookupEnv in a program

	for _, finding := range doctor.Settings(lookup) {
		fmt.Println(finding)
	}
	// Output: failure: settings: SINCH_KEY_ID contains white space: copy it again
}
