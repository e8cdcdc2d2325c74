package conversation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// This file and platform_message.go rewrite requests for the live platform, where its wire format differs from
// openapi.yaml.

// platformSendMessage is a SendMessageRequest as the live platform reads it. Its fields replace those of the same name in
// the embedded request.
type platformSendMessage struct {
	*SendMessageRequest
	ConversationMetadata json.RawMessage    `json:"conversation_metadata,omitempty"` // an object, not a string
	Message              platformAppMessage `json:"message"`
	Recipient            Recipient          `json:"recipient"`     // identities without app_id
	TTL                  string             `json:"ttl,omitempty"` // "10s", not 10
}

// platformSendEvent is a SendEventRequest as the live platform reads it.
type platformSendEvent struct {
	*SendEventRequest
	Recipient Recipient `json:"recipient"`
}

// platformTranscode is a TranscodeRequest as the live platform reads it.
type platformTranscode struct {
	*TranscodeRequest
	AppMessage platformAppMessage `json:"app_message"`
}

// platformCapabilityQuery is a CapabilityQueryRequest as the live platform reads it.
type platformCapabilityQuery struct {
	*CapabilityQueryRequest
	Recipient Recipient `json:"recipient"`
}

// platformChannelProfile is a GetChannelProfileRequest as the live platform reads it.
type platformChannelProfile struct {
	*GetChannelProfileRequest
	Recipient Recipient `json:"recipient"`
}

// platformInjectMessage is an InjectMessageRequest as the live platform reads it.
type platformInjectMessage struct {
	*InjectMessageRequest
	AppMessage *platformAppMessage `json:"app_message,omitempty"`
}

// platformTemplate is a V2Template as the live platform reads it.
type platformTemplate struct {
	*V2Template
	Translations []platformTranslation `json:"translations,omitempty"`
}

type platformTranslation struct {
	V2TemplateTranslation
	ListMessage *platformListMessage `json:"list_message,omitempty"`
}

// platformMerge is a MergeContactsRequest as the live platform reads it: the destination is in the path.
type platformMerge struct {
	SourceID string                    `json:"source_id"`
	Strategy ConversationMergeStrategy `json:"strategy,omitempty"`
}

// sendMessageBody returns the body of a send in the client's dialect.
func (c *Client) sendMessageBody(req *SendMessageRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformSendMessage{
		SendMessageRequest:   req,
		ConversationMetadata: json.RawMessage(strings.TrimSpace(req.ConversationMetadata)),
		Message:              toPlatformAppMessage(req.Message),
		Recipient:            toPlatformRecipient(req.Recipient),
		TTL:                  toPlatformSeconds(req.TTL),
	}
}

// sendEventBody returns the body of an event in the client's dialect.
func (c *Client) sendEventBody(req *SendEventRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformSendEvent{SendEventRequest: req, Recipient: toPlatformRecipient(req.Recipient)}
}

// transcodeBody returns the body of a transcoding in the client's dialect.
func (c *Client) transcodeBody(req *TranscodeRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformTranscode{TranscodeRequest: req, AppMessage: toPlatformAppMessage(req.AppMessage)}
}

// capabilityQueryBody returns the body of a capability query in the client's dialect.
func (c *Client) capabilityQueryBody(req *CapabilityQueryRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformCapabilityQuery{CapabilityQueryRequest: req, Recipient: toPlatformRecipient(req.Recipient)}
}

// channelProfileBody returns the body of a profile query in the client's dialect.
func (c *Client) channelProfileBody(req *GetChannelProfileRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformChannelProfile{GetChannelProfileRequest: req, Recipient: toPlatformRecipient(req.Recipient)}
}

// injectMessageBody returns the body of an injected message in the client's dialect.
func (c *Client) injectMessageBody(req *InjectMessageRequest) any {
	if c.dialect != DialectPlatform || req.AppMessage == nil {
		return req
	}
	return platformInjectMessage{InjectMessageRequest: req, AppMessage: new(toPlatformAppMessage(*req.AppMessage))}
}

// templateBody returns the body of a template in the client's dialect.
func (c *Client) templateBody(req *V2Template) any {
	if c.dialect != DialectPlatform {
		return req
	}
	body := platformTemplate{V2Template: req}
	for _, translation := range req.Translations {
		body.Translations = append(body.Translations, platformTranslation{
			V2TemplateTranslation: translation,
			ListMessage:           toPlatformListMessage(translation.ListMessage),
		})
	}
	return body
}

// createConversationBody returns the body of a new conversation. Active is true by default in openapi.yaml; the live
// platform states no default, so it is sent.
func (c *Client) createConversationBody(req *CreateConversationRequest) *CreateConversationRequest {
	if c.dialect != DialectPlatform || req.Active != nil {
		return req
	}
	active := *req
	active.Active = new(true)
	return &active
}

// mergeContacts returns the operation of a merge in the client's dialect.
func (c *Client) mergeContacts() operation {
	if c.dialect == DialectPlatform {
		return opContactsMergePlatform
	}
	return opContactsMerge
}

// mergeContactsCall returns the call of a merge in the client's dialect. The live platform has the destination in the path.
func (c *Client) mergeContactsCall(req *MergeContactsRequest) *call {
	merge := &call{operation: c.mergeContacts(), in: req, dialectRoute: true}
	if c.dialect == DialectPlatform {
		merge.ids, merge.in = ids{req.DestinationID}, platformMerge{SourceID: req.SourceID, Strategy: req.Strategy}
	}
	return merge
}

// createWebhook returns the operation that creates a webhook in the client's dialect.
func (c *Client) createWebhook() operation {
	if c.dialect == DialectPlatform {
		return opWebhooksCreatePlatform
	}
	return opWebhooksCreate
}

// createWebhookCall returns the call that creates a webhook in the client's dialect. The live platform has no app in the
// path, and no default for the target type.
func (c *Client) createWebhookCall(appID string, req *CreateWebhookRequest) *call {
	body := *req
	body.AppID = appID
	create := &call{operation: c.createWebhook(), in: &body, dialectRoute: true}
	if c.dialect == DialectPlatform {
		body.TargetType = cmp.Or(body.TargetType, TargetTypeHTTP)
	} else {
		create.ids = ids{appID}
	}
	return create
}

// updateQuery returns the query of an update. The live platform clears fields that a PATCH without an update mask omits,
// so a mask is always sent: the caller's, or the names of the fields that are set.
func (c *Client) updateQuery(op operation, req any, mask []string) (string, error) {
	if c.dialect != DialectPlatform {
		return "", nil
	}
	if mask == nil {
		names, err := setFields(op, req)
		if err != nil {
			return "", err
		}
		mask = names
	}
	if len(mask) == 0 {
		return "", refuse(op, "req", "changes nothing: set a field, or name fields in UpdateMask to clear them")
	}
	for i, name := range mask {
		if name == "" || strings.ContainsAny(name, ", ") {
			return "", refuse(op, fmt.Sprintf("update_mask[%d]", i), "must be a field path: use JSON names such as display_name")
		}
	}
	return "update_mask=" + strings.ReplaceAll(url.QueryEscape(strings.Join(mask, ",")), "%2C", ","), nil
}

// updateConversationQuery returns the query of an update of a conversation: the mask and the metadata strategy.
func (c *Client) updateConversationQuery(op operation, req *UpdateConversationRequest) (string, error) {
	query, err := c.updateQuery(op, req, req.UpdateMask)
	if c.dialect == DialectPlatform && req.MetadataUpdateStrategy != "" {
		query += "&metadata_update_strategy=" + url.QueryEscape(string(req.MetadataUpdateStrategy))
	}
	return query, err
}

// setFields returns the JSON names of the fields of a request that are sent, in order.
func setFields(op operation, req any) ([]string, error) {
	body, err := encode(op, req)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, refuse(op, "req", "must be encoded as a JSON object")
	}
	return slices.Sorted(maps.Keys(fields)), nil
}

// toPlatformSeconds returns a duration as the platform writes it.
func toPlatformSeconds(seconds int) string {
	if seconds == 0 {
		return ""
	}
	return strconv.Itoa(seconds) + "s"
}

// toPlatformRecipient omits the app ids of identities: the platform accepts channel and identity only.
func toPlatformRecipient(to Recipient) Recipient {
	if to.IdentifiedBy == nil {
		return to
	}
	bare := make([]ChannelIdentity, len(to.IdentifiedBy.ChannelIdentities))
	for i, identity := range to.IdentifiedBy.ChannelIdentities {
		bare[i] = ChannelIdentity{Channel: identity.Channel, Identity: identity.Identity}
	}
	return ToChannels(bare...)
}

// Dialect is the wire format of requests. openapi.yaml, a third-party description, and the live platform differ in places.
// The methods and Go types are the same in both dialects, and both decode the responses of either.
type Dialect int

const (
	// DialectOpenAPI follows openapi.yaml to the letter. It is the default of a client with a base URL and no region.
	DialectOpenAPI Dialect = iota
	// DialectPlatform follows the live platform. It is the default of a client with a region, and of [NewClientFromEnv].
	DialectPlatform
)

// String returns the name of the dialect, as used in SINCH_CONVERSATION_DIALECT.
func (d Dialect) String() string {
	switch d {
	case DialectOpenAPI:
		return "openapi"
	case DialectPlatform:
		return "platform"
	default:
		return "unknown"
	}
}

// advice suggests the other dialect, for a server without a route whose path depends on the dialect.
func (d Dialect) advice() string {
	if d == DialectPlatform {
		return "if the server is built from openapi.yaml, use WithDialect(DialectOpenAPI)"
	}
	return "if the server is Sinch itself, use WithDialect(DialectPlatform)"
}
