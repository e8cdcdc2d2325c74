package conversation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleConsentsService_AllIdentities() {
	client := exampleClient(canned(200, `{"identities":[{"identity":"15551230000"}]}`))

	for consent, err := range client.Consents.AllIdentities(context.Background(), "APP_ID", conversation.ConsentsOptOutMarketing, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(consent.Identity)
	}
	// Output: 15551230000
}

// When did this person opt out, and how?
func ExampleConsentsService_AuditRecords() {
	client := exampleClient(canned(200, `{"audit_records":[{"datetime":"2026-03-01T12:00:00Z","list_type":"OPT_OUT_MARKETING","operation":"OPERATION_INSERT","origin":"ORIGIN_MO"}]}`))

	list, err := client.Consents.AuditRecords(context.Background(), "APP_ID", "15551230000")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, record := range list.AuditRecords {
		fmt.Println(record.DateTime.Format(time.DateOnly), record.ListType, record.Operation, record.Origin == conversation.ConsentOriginMO)
	}
	// Output: 2026-03-01 OPT_OUT_MARKETING OPERATION_INSERT true
}

func ExampleConsentsService_Identities() {
	client := exampleClient(printing(`{"identities":[{"identity":"15551230000"}],"next_page_token":"PAGE_2"}`))

	page, err := client.Consents.Identities(context.Background(), "APP_ID", conversation.ConsentsOptOutAll,
		&conversation.ListConsentIdentitiesParams{PageSize: 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items), page.HasNext())
	// Output:
	// GET /v1/projects/PROJECT_ID/apps/APP_ID/consents/OPT_OUT_ALL?page_size=50
	// 1 true
}
