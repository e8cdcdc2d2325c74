package webhook

// PartitionKey returns the key by which to spread callbacks over the partitions of a queue: the ID of the conversation
// that the callback is about, or else the ID of its contact, or nil if body has neither. Callbacks with the same key
// should be handled in the order in which they were received.
//
// The key is a part of body, with its escapes as they are. PartitionKey does not decode body and never fails: for bytes
// that are not a callback the key has no meaning.
func PartitionKey(body []byte) []byte {
	var contact, field []byte // field is the last string at depth 2: the name of the object whose fields are at depth 3
	s := scanner{body: body}
	for token := s.scan(); token != 0; token = s.scan() {
		if token != '"' {
			continue
		}
		ofConversation, ofContact := false, false
		switch s.depth {
		case 2: // {"message": {"conversation_id": "…"}}
			field = s.text()
			ofConversation = string(field) == "conversation_id" || string(field) == "conversationId"
			ofContact = string(field) == "contact_id"
		case 3: // {"conversation_start_notification": {"conversation": {"id": "…"}}}
			isID := string(s.text()) == "id"
			ofConversation = isID && string(field) == "conversation"
			ofContact = isID && string(field) == "contact"
		}
		if ofConversation && s.isName() {
			if id := s.stringValue(); len(id) > 0 {
				return id
			}
		}
		if ofContact && s.isName() {
			contact = s.stringValue()
		}
	}
	if len(contact) == 0 {
		return nil
	}
	return contact
}
