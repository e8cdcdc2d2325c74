package outbox

import "github.com/sinchgo/conversation/internal/redact"

// Redact returns text, such as that of an error, as one printable line of at most about 500 bytes, in which everything that may be a phone
// number is masked. Use it for what a queue stores or logs.
func Redact(text string) string { return redact.OneLine(text) }
