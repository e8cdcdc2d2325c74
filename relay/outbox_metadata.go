package relay

import "github.com/sinchgo/conversation/outbox"

// MetadataKey is the key in message_metadata under which the ID of an entry is sent, beside correlation_id. Sinch may not retain
// the correlation id of an app in DISPATCH mode.
const MetadataKey = outbox.MetadataKey
