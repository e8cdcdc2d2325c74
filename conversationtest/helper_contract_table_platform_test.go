package conversationtest_test

import (
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// platformTable has a row for each operation that only the platform has. Both dialects have them.
var platformTable = map[string]contractRow{
	"updateMessageMetadata": {
		call: func(ctx context.Context, c *conversation.Client, request any) (any, error) {
			update, _ := request.(*sourcedUpdate)
			return c.Messages.Update(ctx, contractIDs["message_id"], &update.UpdateMessageRequest, fromSource(update.Source)...)
		},
		reply:   &conversation.ConversationMessage{},
		minimal: &sourcedUpdate{UpdateMessageRequest: conversation.UpdateMessageRequest{Metadata: "note"}},
		full: []any{&sourcedUpdate{
			UpdateMessageRequest: conversation.UpdateMessageRequest{Metadata: "note"}, Source: conversation.MessageSourceDispatch,
		}},
	},
	"listMessagesByChannelIdentity": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.LastMessagesRequest) (*conversation.Page[conversation.ConversationMessage], error) {
			return c.Messages.LastMessages(ctx, req)
		}),
		reply:   &conversation.Page[conversation.ConversationMessage]{},
		minimal: &conversation.LastMessagesRequest{},
		full: []any{
			&conversation.LastMessagesRequest{
				AppID: "APP", Channel: conversation.ChannelSMS, ChannelIdentities: []string{"46700000000"}, Direction: conversation.DirectionToApp,
				MessagesSource: conversation.MessageSourceConversation, PageSize: 1000, PageToken: "to/ken==", View: conversation.ViewWithoutMetadata,
				StartTime: conversation.Time{Time: time.Unix(1, 0)}, EndTime: conversation.Time{Time: time.Unix(2, 5)},
			},
			&conversation.LastMessagesRequest{ContactIDs: []string{"C"}},
		},
	},
	"getChannelProfile": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.GetChannelProfileRequest) (*conversation.GetChannelProfileResponse, error) {
			return c.Contacts.ChannelProfile(ctx, req)
		}),
		reply: &conversation.GetChannelProfileResponse{},
		minimal: &conversation.GetChannelProfileRequest{
			AppID: "APP", Recipient: conversation.ToContact("C"), Channel: conversation.ProfileChannelMessenger,
		},
		full: []any{
			&conversation.GetChannelProfileRequest{AppID: "APP", Recipient: conversation.ToContact("C"), Channel: conversation.ProfileChannelLINE},
			&conversation.GetChannelProfileRequest{AppID: "APP", Recipient: conversation.ToChannels(fullIdentities...), Channel: conversation.ProfileChannelLINE},
		},
	},
	"listIdentityConflicts": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListIdentityConflictsParams) (*conversation.Page[conversation.IdentityConflict], error) {
			return c.Contacts.IdentityConflicts(ctx, params)
		}),
		reply: &conversation.Page[conversation.IdentityConflict]{},
		full:  []any{&conversation.ListIdentityConflictsParams{PageSize: 20, PageToken: "to/ken=="}},
	},
	"listRecentConversations": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListRecentConversationsParams) (*conversation.Page[conversation.ConversationRecentMessage], error) {
			return c.Conversations.Recent(ctx, params)
		}),
		reply:   &conversation.Page[conversation.ConversationRecentMessage]{},
		minimal: &conversation.ListRecentConversationsParams{AppID: "APP"},
		full: []any{&conversation.ListRecentConversationsParams{
			AppID: "A+A", OnlyActive: new(false), Order: conversation.SortAscending, PageSize: 50, PageToken: "to/ken==",
		}},
	},
	"injectMessage": {
		call: func(ctx context.Context, c *conversation.Client, request any) (any, error) {
			inject, _ := request.(*conversation.InjectMessageRequest)
			return nil, c.Conversations.InjectMessage(ctx, contractIDs["conversation_id"], inject)
		},
		minimal: fullInjects()[0],
		full:    fullInjects(),
	},
	"injectEvent": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.InjectConversationEventRequest) (*conversation.InjectEventResponse, error) {
			return c.Conversations.InjectEvent(ctx, contractIDs["conversation_id"], req)
		}),
		reply:   &conversation.InjectEventResponse{},
		minimal: &conversation.InjectConversationEventRequest{AppEvent: composingEvent, AcceptTime: anHourAgo},
		full:    fullInjectedEvents(),
	},
	"listEvents": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListEventsParams) (*conversation.Page[conversation.ConversationEvent], error) {
			return c.Events.List(ctx, params)
		}),
		reply:           &conversation.Page[conversation.ConversationEvent]{},
		platformMinimal: &conversation.ListEventsParams{ContactID: "C"},
		full:            []any{&conversation.ListEventsParams{ConversationID: "V&V", ContactID: "C=C", PageSize: 20, PageToken: "to/ken=="}},
	},
	"getEvent": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.ConversationEvent, error) {
			return c.Events.Get(ctx, contractIDs["event_id"])
		}),
		reply: &conversation.ConversationEvent{},
	},
	"deleteEvents": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Events.Delete(ctx, contractIDs["event_id"])
		}),
	},
	"listIdentitiesFromConsentsList": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListConsentIdentitiesParams) (*conversation.Page[conversation.ConsentIdentity], error) {
			return c.Consents.Identities(ctx, contractIDs["app_id"], conversation.ConsentsListType(contractIDs["list_type"]), params)
		}),
		reply: &conversation.Page[conversation.ConsentIdentity]{},
		full:  []any{&conversation.ListConsentIdentitiesParams{PageSize: 50, PageToken: "to/ken=="}},
	},
	"listAuditRecordsFromConsentsList": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.AuditRecordList, error) {
			return c.Consents.AuditRecords(ctx, contractIDs["app_id"], contractIDs["identity"])
		}),
		reply: &conversation.AuditRecordList{},
	},
	"createSettings": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.ProjectSettingsRequest) (*conversation.ProjectSettings, error) {
			return c.ProjectSettings.Create(ctx, req)
		}),
		reply:   &conversation.ProjectSettings{},
		minimal: &conversation.ProjectSettingsRequest{},
		full:    []any{fullSettings},
	},
	"getSettings": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.ProjectSettings, error) {
			return c.ProjectSettings.Get(ctx)
		}),
		reply: &conversation.ProjectSettings{},
	},
	"updateSettings": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.ProjectSettingsRequest) (*conversation.ProjectSettings, error) {
			return c.ProjectSettings.Update(ctx, req)
		}),
		reply:   &conversation.ProjectSettings{},
		minimal: fullSettings,
		full:    []any{fullSettings},
	},
	"deleteSettings": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error { return c.ProjectSettings.Delete(ctx) }),
	},
	"v2CreateTemplate": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.V2Template) (*conversation.V2TemplateResponse, error) {
			return c.Templates.Create(ctx, req)
		}),
		reply:   &conversation.V2TemplateResponse{},
		minimal: &conversation.V2Template{},
		platformMinimal: &conversation.V2Template{
			DefaultTranslation: "sv", Translations: []conversation.V2TemplateTranslation{translation("sv", "1", "Hej")},
		},
		full: []any{fullTemplate()},
	},
	"v2ListTemplates": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.V2ListTemplatesResponse, error) {
			return c.Templates.List(ctx)
		}),
		reply: &conversation.V2ListTemplatesResponse{},
	},
	"v2GetTemplate": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.V2TemplateResponse, error) {
			return c.Templates.Get(ctx, contractIDs["template_id"])
		}),
		reply: &conversation.V2TemplateResponse{},
	},
	"v2UpdateTemplate": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.V2Template) (*conversation.V2TemplateResponse, error) {
			return c.Templates.Update(ctx, contractIDs["template_id"], req)
		}),
		reply:   &conversation.V2TemplateResponse{},
		minimal: &conversation.V2Template{Version: 1},
		full:    []any{fullTemplate()},
	},
	"v2DeleteTemplate": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Templates.Delete(ctx, contractIDs["template_id"])
		}),
	},
	"v2ListTranslations": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.V2ListTranslationsParams) (*conversation.V2ListTranslationsResponse, error) {
			return c.Templates.Translations(ctx, contractIDs["template_id"], params)
		}),
		reply: &conversation.V2ListTranslationsResponse{},
		full:  []any{&conversation.V2ListTranslationsParams{LanguageCode: "sv+SE", TranslationVersion: "1&2"}},
	},
}
