package conversation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// batchOf returns a batch with a message to recipients.
func batchOf(message conversation.AppMessage, recipients ...conversation.BatchRecipient) *conversation.SendBatchRequest {
	return &conversation.SendBatchRequest{AppID: "app", Message: message, RecipientAndParams: recipients}
}

// somebody is a recipient with parameters, which are pairs of names and values.
func somebody(pairs ...string) conversation.BatchRecipient {
	recipient := conversation.BatchRecipient{Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000")}
	if len(pairs) > 0 {
		recipient.Parameters = map[string]string{}
	}
	for i := 0; i < len(pairs); i += 2 {
		recipient.Parameters[pairs[i]] = pairs[i+1]
	}
	return recipient
}

func TestBatchesThatCannotWorkAreRejectedByField(t *testing.T) {
	t.Parallel()
	change := func(with func(*conversation.SendBatchRequest)) *conversation.SendBatchRequest {
		req := fullBatch()
		with(req)
		return req
	}
	first := func(with func(*conversation.BatchRecipient)) *conversation.SendBatchRequest {
		return change(func(r *conversation.SendBatchRequest) { with(&r.RecipientAndParams[0]) })
	}
	reserved := map[string]any{"_batch_id": "mine"}
	later := func(ahead time.Duration) conversation.Time { return conversation.NewTime(time.Now().Add(ahead)) }
	for _, tt := range []struct {
		name, field string
		req         *conversation.SendBatchRequest
	}{
		{"no batch", "req", nil},
		{"no app", "app_id", change(func(r *conversation.SendBatchRequest) { r.AppID = " " })},
		{"no message", "message", change(func(r *conversation.SendBatchRequest) { r.Message = conversation.AppMessage{} })},
		{"an empty message", "message.text_message.text", change(func(r *conversation.SendBatchRequest) { r.Message = conversation.Text("") })},
		{"no recipients", "recipient_and_params", change(func(r *conversation.SendBatchRequest) { r.RecipientAndParams = nil })},
		{"1,001 recipients", "recipient_and_params", change(func(r *conversation.SendBatchRequest) {
			r.RecipientAndParams = slices.Repeat(r.RecipientAndParams[:1], 1001)
		})},
		{"a time more than 7 days ahead", "send_after", change(func(r *conversation.SendBatchRequest) { r.SendAfter = later(7*24*time.Hour + time.Minute) })},
		{"reserved metadata of the batch", "batch_metadata._batch_id", change(func(r *conversation.SendBatchRequest) { r.BatchMetadata = reserved })},
		{"reserved metadata of the messages", "message_metadata._batch_id", change(func(r *conversation.SendBatchRequest) { r.MessageMetadata = reserved })},
		{"reserved metadata of the conversations", "conversation_metadata._batch_id", change(func(r *conversation.SendBatchRequest) { r.ConversationMetadata = reserved })},
		{"a ttl below zero", "ttl", change(func(r *conversation.SendBatchRequest) { r.TTL = -1 })},
		{"a ttl below 3", "ttl", change(func(r *conversation.SendBatchRequest) { r.TTL = 2 })},
		{"a callback to nowhere", "callback_url", change(func(r *conversation.SendBatchRequest) { r.CallbackURL = "example.com" })},
		{"a callback with a placeholder", "callback_url", change(func(r *conversation.SendBatchRequest) { r.CallbackURL = "${name}" })},
		{"a long correlation id", "correlation_id", change(func(r *conversation.SendBatchRequest) { r.CorrelationID = strings.Repeat("x", 129) })},
		{"a long property", "channel_properties.SMS_SENDER", change(func(r *conversation.SendBatchRequest) {
			r.ChannelProperties = map[conversation.ChannelPropertyKey]string{conversation.PropertySMSSender: strings.Repeat("x", 1025)}
		})},
		{"nobody", "recipient_and_params[0].recipient", first(func(r *conversation.BatchRecipient) { r.Recipient = conversation.Recipient{} })},
		{"two forms of a recipient", "recipient_and_params[0].recipient", first(func(r *conversation.BatchRecipient) { r.Recipient.ContactID = "c" })},
		{"no identities", "recipient_and_params[0].recipient.identified_by.channel_identities", first(func(r *conversation.BatchRecipient) { r.Recipient = conversation.ToChannels() })},
		{"a number that is none", "recipient_and_params[0].recipient.identified_by.channel_identities[0].identity", first(func(r *conversation.BatchRecipient) {
			r.Recipient = conversation.ToChannel(conversation.ChannelSMS, "0555 1230000")
		})},
		{"reserved metadata of a message", "recipient_and_params[0].message_metadata._batch_id", first(func(r *conversation.BatchRecipient) { r.MessageMetadata = reserved })},
		{"reserved metadata of a conversation", "recipient_and_params[0].conversation_metadata._batch_id", first(func(r *conversation.BatchRecipient) { r.ConversationMetadata = reserved })},
		{"a parameter that is missing", "recipient_and_params[0].parameters.name", first(func(r *conversation.BatchRecipient) { r.Parameters = nil })},
		{"a parameter that is not used", "recipient_and_params[0].parameters.nick", first(func(r *conversation.BatchRecipient) {
			r.Parameters = map[string]string{"name": "Ada", "nick": "A"}
		})},
		{"text that is not UTF-8", "recipient_and_params[0].parameters.name", first(func(r *conversation.BatchRecipient) { r.Parameters = map[string]string{"name": "J\xf6rg"} })},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
			_, err := client.Batches.Send(t.Context(), tt.req)
			require.NotEmpty(t, argumentErrors(err), tt.name)
			requireRefused(t, err, "Batches.Send", tt.field)
			hides(t, err.Error(), "1230000", "rg\"")
			assert.Empty(t, wire.requests(), tt.name)
		}
	}
}

func TestTheLimitsOfBatchesThemselvesAreAccepted(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: anyReply}})
	req := fullBatch()
	req.RecipientAndParams = slices.Repeat(req.RecipientAndParams[:1], 1000)
	req.SendAfter = conversation.NewTime(time.Now().Add(7 * 24 * time.Hour))
	require.NoError(t, fails(client.Batches.Send(t.Context(), req)))
	req.SendAfter = conversation.NewTime(time.Now().Add(-time.Hour))
	require.NoError(t, fails(client.Batches.Send(t.Context(), req)), "it is sent immediately")
	assert.Len(t, wire.requests(), 2)

	client, wire = scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithoutLimitChecks())
	req.RecipientAndParams = slices.Repeat(req.RecipientAndParams[:1], 1001)
	req.RecipientAndParams[0].Parameters = nil
	req.SendAfter = conversation.NewTime(time.Now().Add(8 * 24 * time.Hour))
	require.NoError(t, fails(client.Batches.Send(t.Context(), req)))
	assert.Len(t, wire.requests(), 1)
}

func TestPlaceholdersAreFoundInEveryStringOfAMessage(t *testing.T) {
	t.Parallel()
	withAgent := conversation.Text("hi")
	withAgent.Agent = &conversation.Agent{DisplayName: "${x}"}
	explicit := conversation.Text("hi")
	explicit.ExplicitChannelMessage = map[conversation.Channel]string{conversation.ChannelSMS: `{"text":"${x}"}`}
	override := conversation.Text("hi")
	override.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
		"WHATSAPP": {TextMessage: &conversation.TextMessage{Text: "${x}"}},
	}
	for name, message := range map[string]conversation.AppMessage{
		"text":                 conversation.Text("hi ${x}"),
		"twice":                conversation.Text("${x}${x}"),
		"between braces":       conversation.Text("{${x}} $x ${ $"),
		"within one":           conversation.Text("${${x}}"),
		"a URL":                conversation.Media("https://example.com/${x}.png"),
		"nothing but a URL":    conversation.Media("${x}"),
		"the title of a card":  conversation.Card("${x}", "text"),
		"a button":             conversation.Card("title", "text", conversation.TextChoice("${x}", "p")),
		"the data of a button": conversation.Card("title", "text", conversation.TextChoice("t", "${x}")),
		"a template":           conversation.Template("T", "1", "en-US", map[string]string{"name": "${x}"}),
		"a menu":               conversation.ListMenu("m", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("${x}", "")}}),
		"a call":               conversation.Card("title", "text", conversation.CallChoice("call", "${x}")),
		"the agent":            withAgent,
		"a message for SMS":    explicit,
		"an override":          override,
	} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}})
		require.NoError(t, fails(client.Batches.Send(t.Context(), batchOf(message, somebody("x", "1")))), name)
		requireRefused(t, fails(client.Batches.Send(t.Context(), batchOf(message, somebody("x", "1"), somebody()))),
			"Batches.Send", "recipient_and_params[1].parameters.x")
		requireRefused(t, fails(client.Batches.Send(t.Context(), batchOf(message, somebody("x", "1", "y", "2")))),
			"Batches.Send", "recipient_and_params[0].parameters.y")
		assert.Len(t, wire.requests(), 1, name)
	}
	client, _ := scripted(t, []step{{status: 200, body: anyReply}})
	require.NoError(t, fails(client.Batches.Send(t.Context(), batchOf(conversation.Text("$5 {a} ${open"), somebody()))))
	requireRefused(t, fails(client.Batches.Send(t.Context(), batchOf(conversation.Text("${}"), somebody()))), "Batches.Send", "message")
	requireRefused(t, fails(client.Batches.Send(t.Context(), batchOf(conversation.Text("${ x }"), somebody("x", "1")))),
		"Batches.Send", "recipient_and_params[0].parameters. x ")
}

func TestAnErrorOfParametersNamesNoValue(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: anyReply}})
	err := fails(client.Batches.Send(t.Context(), batchOf(conversation.Text("hi"), somebody("15551230000", "Ada Lovelace"))))
	hides(t, everyPrint(t, err), "1230000", "Ada")
	assert.ErrorContains(t, err, "is not used")
}

func TestContactsAndConsentsThatCannotWorkAreRejectedByField(t *testing.T) {
	t.Parallel()
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	create := func(contacts ...conversation.CreateContactRequest) func(ctx, client) error {
		return func(x ctx, c client) error {
			return c.Batches.CreateContacts(x, &conversation.CreateContactsRequest{Contacts: contacts})
		}
	}
	remove := func(ids ...string) func(ctx, client) error {
		return func(x ctx, c client) error {
			return c.Batches.DeleteContacts(x, &conversation.DeleteContactsRequest{ContactIDs: ids})
		}
	}
	insert := func(app string, records ...conversation.ConsentRecord) func(ctx, client) error {
		return func(x ctx, c client) error {
			return fails(c.Batches.InsertConsents(x, &conversation.InsertConsentsRequest{AppID: app, ConsentRecords: records}))
		}
	}
	contact := conversation.CreateContactRequest{ChannelIdentities: []conversation.ChannelIdentity{{Channel: "SMS", Identity: "15551230000"}}}
	record := conversation.ConsentRecord{Identification: "15551230000", ConsentType: conversation.ConsentsOptOutAll}
	for _, tt := range []struct {
		operation, field string
		call             func(ctx, client) error
	}{
		{"CreateContacts", "req", func(x ctx, c client) error { return c.Batches.CreateContacts(x, nil) }},
		{"CreateContacts", "contacts", create()},
		{"CreateContacts", "contacts", create(slices.Repeat([]conversation.CreateContactRequest{contact}, 1001)...)},
		{"CreateContacts", "contacts[1].channel_identities", create(contact, conversation.CreateContactRequest{})},
		{"CreateContacts", "contacts[0].metadata", create(conversation.CreateContactRequest{ChannelIdentities: contact.ChannelIdentities, Metadata: strings.Repeat("x", 1025)})},
		{"DeleteContacts", "req", func(x ctx, c client) error { return c.Batches.DeleteContacts(x, nil) }},
		{"DeleteContacts", "contact_ids", remove()},
		{"DeleteContacts", "contact_ids", remove(slices.Repeat([]string{"c"}, 1001)...)},
		{"DeleteContacts", "contact_ids[1]", remove("c", " ")},
		{"InsertConsents", "req", func(x ctx, c client) error { return fails(c.Batches.InsertConsents(x, nil)) }},
		{"InsertConsents", "app_id", insert("", record)},
		{"InsertConsents", "consent_records", insert("a")},
		{"InsertConsents", "consent_records[1].identification", insert("a", record, conversation.ConsentRecord{ConsentType: record.ConsentType})},
		{"InsertConsents", "consent_records[0].consent_type", insert("a", conversation.ConsentRecord{Identification: "1"})},
		{"Get", "batch_id", func(x ctx, c client) error { return fails(c.Batches.Get(x, "")) }},
		{"Get", "batch_id", func(x ctx, c client) error { return fails(c.Batches.Get(x, "..")) }},
		{"Cancel", "batch_id", func(x ctx, c client) error { return c.Batches.Cancel(x, " ") }},
		{"FindByMetadata", "key", func(x ctx, c client) error { return fails(c.Batches.FindByMetadata(x, "", "v")) }},
		{"FindByMetadata", "value", func(x ctx, c client) error { return fails(c.Batches.FindByMetadata(x, "k", " ")) }},
	} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}})
		requireRefused(t, tt.call(t.Context(), client), "Batches."+tt.operation, tt.field)
		assert.Empty(t, wire.requests(), fmt.Sprint(tt.operation, tt.field))
	}
	ready, wire := scripted(t, []step{{status: 200, body: anyReply}})
	require.NoError(t, create(slices.Repeat([]conversation.CreateContactRequest{contact}, 1000)...)(t.Context(), ready))
	require.NoError(t, remove(slices.Repeat([]string{"c"}, 1000)...)(t.Context(), ready))
	require.NoError(t, insert("a", slices.Repeat([]conversation.ConsentRecord{record}, 1001)...)(t.Context(), ready), "no limit is known")
	assert.Len(t, wire.requests(), 3)
}
