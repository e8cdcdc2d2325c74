package conversation

// Dialect is the wire format of requests. openapi.yaml, a third-party description, and the live platform differ in places.
// The methods and Go types are the same in both dialects, and both decode the responses of either.
type Dialect int

const (
	// DialectOpenAPI follows openapi.yaml to the letter. It is the default of a client with a base URL and no region.
	DialectOpenAPI Dialect = iota
	// DialectPlatform follows the live platform. It is the default of a client with a region, and of [NewClientFromEnv].
	DialectPlatform
)

// String returns the name of the dialect, as used in SINCH_CONVERSATION_DIALECT.
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

// advice suggests the other dialect, for a server without a route whose path depends on the dialect.
func (d Dialect) advice() string {
	if d == DialectPlatform {
		return "if the server is built from openapi.yaml, use WithDialect(DialectOpenAPI)"
	}
	return "if the server is Sinch itself, use WithDialect(DialectPlatform)"
}
