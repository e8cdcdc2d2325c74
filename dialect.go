package conversation

// Dialect is what goes on the wire where openapi.yaml, a third-party description, and the live platform differ. The
// methods and Go types are the same in both, and the replies of both are read by both.
type Dialect int

const (
	// DialectOpenAPI speaks openapi.yaml to the letter. It is the default of [NewClient].
	DialectOpenAPI Dialect = iota
	// DialectPlatform speaks to Sinch itself. It is the default of [NewClientFromEnv].
	DialectPlatform
)

// String names the dialect as SINCH_CONVERSATION_DIALECT does.
func (d Dialect) String() string {
	switch d {
	case DialectOpenAPI:
		return "openapi"
	case DialectPlatform:
		return "platform"
	default:
		return "unknown"
	}
}

// advice says what to try when the server does not know a route that the dialects have at different paths.
func (d Dialect) advice() string {
	if d == DialectPlatform {
		return "if the server is built from openapi.yaml, use WithDialect(DialectOpenAPI)"
	}
	return "if the server is Sinch itself, use WithDialect(DialectPlatform)"
}
