package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleBatchesService_Send() {
	client := exampleClient(canned(200, `{"batch_id":"BATCH_ID","send_after":"2026-03-01T12:05:00Z"}`))

	batch, err := client.Batches.Send(context.Background(), &conversation.SendBatchRequest{
		AppID:   "APP_ID",
		Message: conversation.Text("Hi ${name}, your table is ready."),
		RecipientAndParams: []conversation.BatchRecipient{
			{
				Recipient:  conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
				Parameters: map[string]string{"name": "Ada"},
			},
			{
				Recipient:  conversation.ToContact("CONTACT_ID"),
				Parameters: map[string]string{"name": "Grace"},
			},
		},
		BatchMetadata: map[string]any{"campaign": "spring"},
		SendAfter:     conversation.NewTime(time.Now().Add(time.Hour)),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(batch.BatchID, "at", batch.SendAfter.Format(time.TimeOnly))
	// Output: BATCH_ID at 12:05:00
}

// A recipient without a parameter of the message is found before anything is sent.
func ExampleBatchesService_Send_missingParameter() {
	client := exampleClient(printing(`{}`))

	_, err := client.Batches.Send(context.Background(), &conversation.SendBatchRequest{
		AppID:              "APP_ID",
		Message:            conversation.Text("Hi ${name}"),
		RecipientAndParams: []conversation.BatchRecipient{{Recipient: conversation.ToContact("CONTACT_ID")}},
	})
	var argument *conversation.ArgumentError
	fmt.Println(errors.As(err, &argument), argument.Field)
	// Output: true recipient_and_params[0].parameters.name
}

// The answer to the second batch is lost, but the batch is there.
func ExampleBatchesService_SendAll() {
	batches := 0
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		if req.Method == http.MethodGet { // the lookup by the key
			return 200, `[{"batch_id":"BATCH_2","status":"READY"}]`
		}
		if batches++; batches == 2 {
			return 0, "" // the connection breaks
		}
		return 200, fmt.Sprintf(`{"batch_id":"BATCH_%d"}`, batches)
	}))
	people := []conversation.BatchRecipient{
		{Recipient: conversation.ToContact("A"), Parameters: map[string]string{"name": "Ada"}},
		{Recipient: conversation.ToContact("B"), Parameters: map[string]string{"name": "Grace"}},
		{Recipient: conversation.ToContact("C"), Parameters: map[string]string{"name": "Mary"}},
	}

	message := &conversation.SendBatchRequest{AppID: "APP_ID", Message: conversation.Text("Hi ${name}")}
	options := conversation.SendAllOptions{BatchSize: 2}
	for result, err := range client.Batches.SendAll(context.Background(), message, slices.Values(people), options) {
		fmt.Println(result.Index, len(result.Recipients), result.Outcome, result.BatchID, result.Found, err)
	}
	// Output:
	// 0 2 accepted BATCH_1 false <nil>
	// 1 1 accepted BATCH_2 true <nil>
}

func ExampleBatchesService_Get() {
	client := exampleClient(canned(200, `{"batch_id":"BATCH_ID","status":"SCHEDULED","meta_data":{"campaign":"spring"}}`))

	batch, err := client.Batches.Get(context.Background(), "BATCH_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(batch.Status, batch.MetaData["campaign"])
	// Output: SCHEDULED spring
}

func ExampleBatchesService_FindByMetadata() {
	client := exampleClient(printing(`[{"batch_id":"BATCH_ID","status":"PROCESSED"}]`))

	list, err := client.Batches.FindByMetadata(context.Background(), "campaign", "spring")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, batch := range list.Batches {
		fmt.Println(batch.BatchID, batch.Status == conversation.BatchStatusProcessed)
	}
	// Output:
	// GET /v1/projects/PROJECT_ID/messages?metadataKey=campaign&metadataValue=spring
	// BATCH_ID true
}

// The answer is the same whether the batch can be cancelled or not.
func ExampleBatchesService_Cancel() {
	client := exampleClient(printing(``))

	fmt.Println(client.Batches.Cancel(context.Background(), "BATCH_ID"))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/messages {"batch_id":"BATCH_ID"}
	// <nil>
}

func ExampleBatchesService_CreateContacts() {
	client := exampleClient(printing(`{}`))

	err := client.Batches.CreateContacts(context.Background(), &conversation.CreateContactsRequest{
		Contacts: []conversation.CreateContactRequest{{
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}},
		}},
	})
	fmt.Println(err)
	// Output:
	// POST /v1/projects/PROJECT_ID/contacts {"contacts":[{"channel_identities":[{"channel":"SMS","identity":"15551230000"}]}]}
	// <nil>
}

func ExampleBatchesService_DeleteContacts() {
	client := exampleClient(printing(`{}`))

	fmt.Println(client.Batches.DeleteContacts(context.Background(), &conversation.DeleteContactsRequest{ContactIDs: []string{"A", "B"}}))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/contacts {"contact_ids":["A","B"]}
	// <nil>
}

func ExampleBatchesService_InsertConsents() {
	client := exampleClient(printing(`{"batch_id":"BATCH_ID"}`))

	reply, err := client.Batches.InsertConsents(context.Background(), &conversation.InsertConsentsRequest{
		AppID: "APP_ID",
		ConsentRecords: []conversation.ConsentRecord{
			{Identification: "15551230000", ConsentType: conversation.ConsentsOptOutMarketing},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.BatchID)
	// Output:
	// POST /v1/projects/PROJECT_ID/consents {"app_id":"APP_ID","consent_records":[{"consent_type":"OPT_OUT_MARKETING","identification":"15551230000"}]}
	// BATCH_ID
}
