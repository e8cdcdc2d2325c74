package webhook

// PartitionKey returns the key by which to spread callbacks over the partitions of a queue: the ID of the conversation
// that the callback is about, or else the ID of its contact, or else its channel identity, such as a phone number: in
// dispatch mode there are neither conversations nor contacts. It returns nil if body has none of them. Callbacks with the
// same key should be handled in the order in which they were received.
//
// The key is a part of body, with its escapes as they are. PartitionKey does not decode body and never fails: for bytes
// that are not a callback the key has no meaning.
func PartitionKey(body []byte) []byte {
	var contact, identity, field []byte // field is the last string at depth 2: the name of the object whose fields are at depth 3
	s := scanner{body: body}
	for token := s.scan(); token != 0; token = s.scan() {
		if token != '"' {
			continue
		}
		ofConversation, ofContact, ofIdentity := false, false, false
		switch s.depth {
		case 2: // {"message": {"conversation_id": "…"}}
			field = s.text()
			ofConversation = string(field) == "conversation_id" || string(field) == "conversationId"
			ofContact = string(field) == "contact_id"
			ofIdentity = string(field) == "channel_identity" // of old documents
		case 3: // {"conversation_start_notification": {"conversation": {"id": "…"}}}
			name := string(s.text())
			ofConversation = name == "id" && string(field) == "conversation"
			ofContact = name == "id" && string(field) == "contact"
			ofIdentity = name == "identity" && string(field) == "channel_identity"
		}
		if ofConversation && s.isName() {
			if id := s.stringValue(); len(id) > 0 {
				return id
			}
		}
		if ofContact && s.isName() {
			contact = s.stringValue()
		}
		if ofIdentity && s.isName() {
			identity = s.stringValue()
		}
	}
	switch {
	case len(contact) > 0:
		return contact
	case len(identity) > 0:
		return identity
	default:
		return nil
	}
}
