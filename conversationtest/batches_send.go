package conversationtest

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// batchIDKey is the key under which all metadata of a batch has its id.
const batchIDKey = "_batch_id"

// sentBatch is the body of a batch, as far as its messages are made of it.
type sentBatch struct {
	Message              json.RawMessage `json:"message"`
	Parts                []sentPart      `json:"recipient_and_params"`
	MessageMetadata      object          `json:"message_metadata"`
	ConversationMetadata object          `json:"conversation_metadata"`
	BatchMetadata        object          `json:"batch_metadata"`

	fields object // All fields of the body.
	fill   any    // The message, if it has placeholders.
}

// sentPart is a recipient of a batch.
type sentPart struct {
	Recipient            json.RawMessage   `json:"recipient"`
	Parameters           map[string]string `json:"parameters"`
	MessageMetadata      object            `json:"message_metadata"`
	ConversationMetadata object            `json:"conversation_metadata"`
}

// partFields are the fields of a batch that a send has too, with the same meaning.
var partFields = []string{
	"app_id", "callback_url", "channel_priority_order", "channel_properties", "correlation_id", "processing_strategy", "ttl",
}

// readBatch decodes the body of a batch, whose form the contract has checked.
func readBatch(body []byte) (conversation.SendBatchRequest, *sentBatch, error) {
	var known struct {
		plainBatch
		TTL seconds `json:"ttl"`
	}
	sent := new(sentBatch)
	if err := readObject(body, &known, sent, &sent.fields); err != nil {
		return conversation.SendBatchRequest{}, nil, err
	}
	request := conversation.SendBatchRequest(known.plainBatch)
	request.TTL = int(known.TTL)
	message, err := decodedValue(sent.Message)
	if err != nil {
		return request, nil, unreadable(err)
	}
	if len(contract.Placeholders(message)) > 0 {
		sent.fill = message
	}
	return request, sent, nil
}

// plainBatch is a request without its methods, so that none is promoted.
type plainBatch conversation.SendBatchRequest

// part returns the body of the send of the message to one recipient.
func (b *sentBatch) part(index int, batchID string) []byte {
	to, fields := &b.Parts[index], object{}
	for _, name := range partFields {
		if value, ok := b.fields[name]; ok {
			fields[name] = value
		}
	}
	fields["recipient"] = to.Recipient
	fields["message"] = b.Message
	if b.fill != nil {
		fields["message"] = encoded(contract.Fill(b.fill, to.Parameters))
	}
	fields["message_metadata"] = encoded(b.messageMetadata(index, batchID))
	fields["conversation_metadata"] = encoded(mergedMetadata(b.ConversationMetadata, to.ConversationMetadata, batchID))
	return encoded(fields)
}

// problem returns why the message to a recipient cannot be sent. The server has checked the first one before its answer.
func (b *sentBatch) problem(index int, request *conversation.SendMessageRequest, content json.RawMessage, now time.Time) error {
	if b.fill == nil || index == 0 {
		return nil
	}
	return invalid(contract.Part(request.AppID, b.Parts[index].Recipient, content, now))
}

// messageMetadata returns the metadata of the message to a recipient: JSON in a string, as for a send.
func (b *sentBatch) messageMetadata(index int, batchID string) string {
	return string(encoded(mergedMetadata(b.MessageMetadata, b.Parts[index].MessageMetadata, batchID)))
}

// mergedMetadata returns the metadata of a batch with that of a recipient on top of it, and the id of the batch.
func mergedMetadata(batch, recipient object, batchID string) object {
	merged := object{}
	maps.Copy(merged, batch)
	maps.Copy(merged, recipient)
	merged[batchIDKey] = encoded(batchID)
	return merged
}
