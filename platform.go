package conversation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// This file and platform_message.go alone know where the live platform departs from openapi.yaml on the wire.

// platformSendMessage is a SendMessageRequest as the live platform reads it. Its fields take the place of those of the
// same name in the embedded request.
type platformSendMessage struct {
	*SendMessageRequest
	ConversationMetadata json.RawMessage    `json:"conversation_metadata,omitempty"` // an object, not a text
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

// platformMerge is what is left of a MergeContactsRequest when the destination stands in the path.
type platformMerge struct {
	SourceID string `json:"source_id"`
}

// sendMessageBody gives the body of a send in the client's dialect.
func (c *Client) sendMessageBody(op operation, req *SendMessageRequest) (any, error) {
	if c.dialect != DialectPlatform {
		return req, nil
	}
	metadata, err := jsonObject(op, "conversation_metadata", req.ConversationMetadata)
	if err != nil {
		return nil, err
	}
	message, err := toPlatformAppMessage(op, "message", req.Message)
	if err != nil {
		return nil, err
	}
	return platformSendMessage{
		SendMessageRequest:   req,
		ConversationMetadata: metadata,
		Message:              message,
		Recipient:            toPlatformRecipient(req.Recipient),
		TTL:                  wholeSecondsText(req.TTL),
	}, nil
}

// sendEventBody gives the body of an event in the client's dialect. openapi.yaml knows no channel identities there.
func (c *Client) sendEventBody(op operation, req *SendEventRequest) (any, error) {
	if c.dialect == DialectPlatform {
		return platformSendEvent{SendEventRequest: req, Recipient: toPlatformRecipient(req.Recipient)}, nil
	}
	if req.Recipient.IdentifiedBy != nil {
		return nil, refuse(op, "recipient.identified_by", "is unknown to openapi.yaml for events: use contact_id, or DialectPlatform")
	}
	return req, nil
}

// transcodeBody gives the body of a transcoding in the client's dialect.
func (c *Client) transcodeBody(op operation, req *TranscodeRequest) (any, error) {
	if c.dialect != DialectPlatform {
		return req, nil
	}
	message, err := toPlatformAppMessage(op, "app_message", req.AppMessage)
	return platformTranscode{TranscodeRequest: req, AppMessage: message}, err
}

// capabilityQueryBody gives the body of a capability query in the client's dialect.
func (c *Client) capabilityQueryBody(req *CapabilityQueryRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformCapabilityQuery{CapabilityQueryRequest: req, Recipient: toPlatformRecipient(req.Recipient)}
}

// channelProfileBody gives the body of a question for a profile in the client's dialect.
func (c *Client) channelProfileBody(req *GetChannelProfileRequest) any {
	if c.dialect != DialectPlatform {
		return req
	}
	return platformChannelProfile{GetChannelProfileRequest: req, Recipient: toPlatformRecipient(req.Recipient)}
}

// injectMessageBody gives the body of an injected message in the client's dialect.
func (c *Client) injectMessageBody(op operation, req *InjectMessageRequest) (any, error) {
	if c.dialect != DialectPlatform || req.AppMessage == nil {
		return req, nil
	}
	message, err := toPlatformAppMessage(op, "app_message", *req.AppMessage)
	return platformInjectMessage{InjectMessageRequest: req, AppMessage: &message}, err
}

// templateBody gives the body of a template in the client's dialect.
func (c *Client) templateBody(op operation, req *V2Template) (any, error) {
	if c.dialect != DialectPlatform {
		return req, nil
	}
	made := platformTemplate{V2Template: req}
	for i, translation := range req.Translations {
		message, err := toPlatformAppMessage(op, fmt.Sprintf("translations[%d]", i), *translation.message())
		if err != nil {
			return nil, err
		}
		made.Translations = append(made.Translations, platformTranslation{V2TemplateTranslation: translation, ListMessage: message.ListMessage})
	}
	return made, nil
}

// createConversationBody gives the body of a new conversation. Active is true unless said otherwise; openapi.yaml has
// that as the default, and the live platform states none.
func (c *Client) createConversationBody(req *CreateConversationRequest) *CreateConversationRequest {
	if c.dialect != DialectPlatform || req.Active != nil {
		return req
	}
	active := *req
	active.Active = new(true)
	return &active
}

// mergeContactsCall returns the call of a merge in the client's dialect. The live platform has the destination in the path.
func (c *Client) mergeContactsCall(req *MergeContactsRequest) *call {
	if c.dialect != DialectPlatform {
		return &call{operation: opContactsMerge, in: req, dialectRoute: true}
	}
	return &call{
		operation:    opContactsMergePlatform,
		ids:          ids{req.DestinationID},
		in:           platformMerge{SourceID: req.SourceID},
		dialectRoute: true,
	}
}

// createWebhookCall returns the call that creates a webhook in the client's dialect. The live platform has no app in the
// path, and no default for the target type.
func (c *Client) createWebhookCall(appID string, req *CreateWebhookRequest) *call {
	body := *req
	body.AppID = appID
	if c.dialect != DialectPlatform {
		return &call{operation: opWebhooksCreate, ids: ids{appID}, in: &body, dialectRoute: true}
	}
	body.TargetType = cmp.Or(body.TargetType, TargetTypeHTTP)
	return &call{operation: opWebhooksCreatePlatform, in: &body, dialectRoute: true}
}

// updateQuery gives the query of an update. The live platform overwrites fields that a PATCH without an update mask
// leaves out, so one is always sent: the caller's, or the names of the fields that are set.
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
			return "", refuse(op, fmt.Sprintf("update_mask[%d]", i), "is no field path: use JSON names such as display_name")
		}
	}
	return "update_mask=" + strings.ReplaceAll(url.QueryEscape(strings.Join(mask, ",")), "%2C", ","), nil
}

// updateConversationQuery gives the query of an update of a conversation: the mask, and what becomes of old metadata.
func (c *Client) updateConversationQuery(op operation, req *UpdateConversationRequest) (string, error) {
	query, err := c.updateQuery(op, req, req.UpdateMask)
	if c.dialect == DialectPlatform && req.MetadataUpdateStrategy != "" {
		query += "&metadata_update_strategy=" + url.QueryEscape(string(req.MetadataUpdateStrategy))
	}
	return query, err
}

// setFields gives the JSON names of the fields of a request that are sent, in order.
func setFields(op operation, req any) ([]string, error) {
	body, err := encode(op, req)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, refuse(op, "req", "is not written as a JSON object")
	}
	return slices.Sorted(maps.Keys(fields)), nil
}

// wholeSecondsText writes a duration as the platform does.
func wholeSecondsText(seconds int) string {
	if seconds == 0 {
		return ""
	}
	return strconv.Itoa(seconds) + "s"
}

// jsonObject takes a text for the JSON object that it must be.
func jsonObject(op operation, field, text string) (json.RawMessage, error) {
	if text == "" {
		return nil, nil
	}
	raw := bytes.TrimSpace([]byte(text))
	if !json.Valid(raw) || raw[0] != '{' {
		return nil, refuse(op, field, "must be the text of a JSON object with DialectPlatform")
	}
	return raw, nil
}

// toPlatformRecipient leaves out the app ids of identities: the platform takes channel and identity only.
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
