package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// metadataStrategies are the strategies of the platform. The empty one is MetadataReplace.
var metadataStrategies = []conversation.ConversationMetadataUpdateStrategy{
	"", conversation.MetadataReplace, conversation.MetadataMergePatch,
}

// attach sets the metadata: a JSON object as MetadataJSON, any other string as Metadata.
func (c *storedConversation) attach(metadata string, strategy conversation.ConversationMetadataUpdateStrategy) {
	var fields object
	if err := json.Unmarshal([]byte(metadata), &fields); err != nil || fields == nil {
		c.Metadata = metadata
		return
	}
	c.setMetadata(fields, strategy)
}

// setMetadata replaces the old object, or merges the fields into it.
func (c *storedConversation) setMetadata(fields object, strategy conversation.ConversationMetadataUpdateStrategy) {
	if strategy == conversation.MetadataMergePatch && fields != nil {
		var merged object
		_ = json.Unmarshal(mergePatch(encoded(c.MetadataJSON), encoded(fields)), &merged) // mergePatch returns an object.
		fields = merged
	}
	c.MetadataJSON = asObject(fields)
}

// mergePatch applies a JSON merge patch (RFC 7396): null removes a field.
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
