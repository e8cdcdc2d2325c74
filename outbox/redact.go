package outbox

import "github.com/sinchgo/conversation/internal/redact"

// Redact returns text, such as that of an error, on one printable line of at most about 500 bytes, with everything that may be a phone number
// masked. It is for what a queue stores or logs.
func Redact(text string) string { return redact.OneLine(text) }
