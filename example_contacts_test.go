package conversation_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
)

func ExampleContactsService_Create() {
	client := exampleClient(canned(200, `{"id":"CONTACT_ID","display_name":"Ada"}`))

	contact, err := client.Contacts.Create(context.Background(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}},
		DisplayName:       "Ada",
		Language:          conversation.LanguageENGB,
		ExternalID:        "USER_ID", // in your own system: see Upsert
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(contact.ID)
	// Output: CONTACT_ID
}

func ExampleContactsService_Upsert() {
	client := exampleClient(canned(200, `{"contacts":[{"id":"01A","external_id":"USER_ID","display_name":"Ada"}]}`))

	result, err := client.Contacts.Upsert(context.Background(), "USER_ID", &conversation.CreateContactRequest{DisplayName: "Ada"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Action, result.Contact.ID)
	// Output: unchanged 01A
}

// Find the contact of a phone number.
func ExampleContactsService_List() {
	client := exampleClient(printing(`{"contacts":[{"id":"CONTACT_ID","display_name":"Ada"}]}`))

	page, err := client.Contacts.List(context.Background(), &conversation.ListContactsParams{
		Channel:  conversation.ChannelSMS,
		Identity: "15551230000",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, contact := range page.Items {
		fmt.Println(contact.ID, contact.DisplayName)
	}
	// Output:
	// GET /v1/projects/PROJECT_ID/contacts?channel=SMS&identity=15551230000
	// CONTACT_ID Ada
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

func ExampleContactsService_Get() {
	client := exampleClient(canned(200, `{"id":"CONTACT_ID","channel_identities":[{"channel":"SMS","identity":"15551230000"}]}`))

	contact, err := client.Contacts.Get(context.Background(), "CONTACT_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, identity := range contact.ChannelIdentities {
		fmt.Println(identity.Channel, identity.Identity)
	}
	// Output: SMS 15551230000
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
	// PATCH /v1/projects/PROJECT_ID/contacts/CONTACT_ID?update_mask=email {"email":""}
	// Ada has the email address ""
}

// A person asks to be forgotten.
func ExampleContactsService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.Contacts.Delete(context.Background(), "CONTACT_ID"))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/contacts/CONTACT_ID
	// <nil>
}

// Merge the contacts that share a phone number.
func ExampleContactsService_AllIdentityConflicts() {
	client := exampleClient(canned(200, `{"conflicts":[{"identity":"15551230000","contact_ids":["A","B","C"]}]}`))

	for conflict, err := range client.Contacts.AllIdentityConflicts(context.Background(), nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, duplicate := range conflict.ContactIDs[1:] {
			fmt.Println("merge", duplicate, "into", conflict.ContactIDs[0]) // with Contacts.Merge
		}
	}
	// Output:
	// merge B into A
	// merge C into A
}

func ExampleContactsService_ChannelProfile() {
	client := exampleClient(canned(200, `{"profile_name":"Ada"}`))

	profile, err := client.Contacts.ChannelProfile(context.Background(), &conversation.GetChannelProfileRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Channel:   conversation.ProfileChannelMessenger,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(profile.ProfileName)
	// Output: Ada
}

func ExampleContactsService_IdentityConflicts() {
	client := exampleClient(canned(200, `{"conflicts":[{"identity":"15551230000","contact_ids":["A","B"]}]}`))

	page, err := client.Contacts.IdentityConflicts(context.Background(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Items), page.HasNext())
	// Output: 1 false
}

func ExampleContactsService_Merge() {
	client := exampleClient(printing(`{"id":"KEPT"}`))

	contact, err := client.Contacts.Merge(context.Background(), &conversation.MergeContactsRequest{
		SourceID:      "DUPLICATE", // is deleted
		DestinationID: "KEPT",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(contact.ID)
	// Output:
	// POST /v1/projects/PROJECT_ID/contacts/KEPT:merge {"source_id":"DUPLICATE"}
	// KEPT
}
