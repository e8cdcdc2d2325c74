package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// metadataStrategies are those of the platform; none is the first of them.
var metadataStrategies = []conversation.ConversationMetadataUpdateStrategy{
	"", conversation.MetadataReplace, conversation.MetadataMergePatch,
}

// attach takes metadata in the form that fits it: an object as one, any other text as it is.
func (c *storedConversation) attach(metadata string, strategy conversation.ConversationMetadataUpdateStrategy) {
	var fields object
	if err := json.Unmarshal([]byte(metadata), &fields); err != nil || fields == nil {
		c.Metadata = metadata
		return
	}
	c.setMetadata(fields, strategy)
}

// setMetadata puts an object in the place of the old one, or changes that field by field.
func (c *storedConversation) setMetadata(fields object, strategy conversation.ConversationMetadataUpdateStrategy) {
	if strategy == conversation.MetadataMergePatch && fields != nil {
		var merged object
		_ = json.Unmarshal(mergePatch(encoded(c.MetadataJSON), encoded(fields)), &merged) // It is an object.
		fields = merged
	}
	c.MetadataJSON = asObject(fields)
}

// mergePatch changes a JSON value as RFC 7396 has it: null takes a field away.
func mergePatch(old, patch json.RawMessage) json.RawMessage {
	var changes, merged object
	if json.Unmarshal(patch, &changes) != nil || changes == nil {
		return patch
	}
	if json.Unmarshal(old, &merged) != nil || merged == nil {
		merged = object{}
	}
	for name, change := range changes {
		if string(change) == "null" {
			delete(merged, name)
			continue
		}
		merged[name] = mergePatch(merged[name], change)
	}
	return encoded(merged)
}
