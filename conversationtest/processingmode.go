package conversationtest

// ProcessingMode says what the apps of the server keep of what they send and get.
type ProcessingMode string

const (
	// ConversationMode keeps messages, and makes contacts and conversations for them. It is the default.
	ConversationMode ProcessingMode = "CONVERSATION"
	// DispatchMode keeps nothing: no conversation is started, no contact made, and no message can be read back.
	DispatchMode ProcessingMode = "DISPATCH"
)
