package conversationtest

import "fmt"

// FaultKind is a kind of failure.
type FaultKind int

// These are the faults of connecting. The request never arrives, and is not in Server.Requests. They happen to clients that
// use Server.Transport, such as those of Server.NewClient and Server.Options. Other clients connect to the socket and then
// get FaultHang in place of FaultConnectHang, and FaultReset in place of the others.
const (
	FaultRefuse         FaultKind = iota + 1 // the connection is refused
	FaultUnknownHost                         // the host name is not found
	FaultBadCertificate                      // the server's certificate cannot be trusted
	FaultConnectHang                         // connecting blocks until the client gives up
)

// These faults happen before the request is handled. It is in Server.Requests, and has no effect.
const (
	FaultReset             FaultKind = iota + 101 // the connection is closed before the request's body is read
	FaultResetMidRequest                          // the connection is closed after half of the request's body is read
	FaultHang                                     // nothing is answered until the client disconnects
	FaultRateLimit                                // 429, with Fault.RetryAfter
	FaultStatus                                   // the Status, 500 by default, with the platform's error body
	FaultHTML                                     // the Status, 502 by default, with the page of a proxy
	FaultRedirect                                 // the Status, 307 by default, with the Location
	FaultExpiredToken                             // 401, as if the access token had expired
	FaultTokenEndpointDown                        // the Status, 503 by default, from the token endpoint
)

// These faults happen to requests that are handled: they take effect, and a send that is accepted is in Server.Sent.
const (
	FaultSlow              FaultKind = iota + 201 // the answer is delayed by Fault.Delay
	FaultRevokeTokens                             // all access tokens are revoked before the request is handled
	FaultDropAfterAccept                          // the connection is closed without an answer: the ambiguous send
	FaultHangAfterAccept                          // nothing is answered until the client disconnects
	FaultStatusAfterAccept                        // the Status, 504 by default, with the platform's error body
	FaultTruncatedBody                            // the headers and half of the body are sent, and the connection is closed
	FaultStall                                    // the headers and half of the body are sent, and nothing more until the client disconnects
	FaultEmptyBody                                // the answer has no body
	FaultBadJSON                                  // the answer has a body that is not JSON
	FaultCutGzip                                  // the answer has a gzip body without its second half
)

var faultNames = map[FaultKind]string{
	FaultRefuse: "refuse", FaultUnknownHost: "unknown host", FaultBadCertificate: "bad certificate",
	FaultConnectHang: "connect hang",

	FaultReset: "reset", FaultResetMidRequest: "reset mid-request", FaultHang: "hang", FaultRateLimit: "rate limit",
	FaultStatus: "status", FaultHTML: "HTML", FaultRedirect: "redirect", FaultExpiredToken: "expired token",
	FaultTokenEndpointDown: "token endpoint down",

	FaultSlow: "slow", FaultRevokeTokens: "revoke tokens", FaultDropAfterAccept: "drop after accept",
	FaultHangAfterAccept: "hang after accept", FaultStatusAfterAccept: "status after accept",
	FaultTruncatedBody: "truncated body", FaultStall: "stall", FaultEmptyBody: "empty body", FaultBadJSON: "bad JSON",
	FaultCutGzip: "cut gzip",
}

// String returns the name of the kind.
func (k FaultKind) String() string {
	if name, ok := faultNames[k]; ok {
		return name
	}
	return fmt.Sprintf("FaultKind(%d)", int(k))
}

func (k FaultKind) known() bool { return faultNames[k] != "" }

// isOfConnecting reports whether the fault happens before there is a connection.
func (k FaultKind) isOfConnecting() bool { return k >= FaultRefuse && k <= FaultConnectHang }

// isAccepted reports whether the request is handled. It is for the zero kind, which is not a fault.
func (k FaultKind) isAccepted() bool { return k == 0 || k >= FaultSlow }

// isSilent reports whether nothing is answered.
func (k FaultKind) isSilent() bool {
	switch k {
	case FaultReset, FaultResetMidRequest, FaultDropAfterAccept:
		return true
	default:
		return k.isHanging()
	}
}

func (k FaultKind) isHanging() bool { return k == FaultHang || k == FaultHangAfterAccept }

// answersItself reports whether the fault answers in place of the server.
func (k FaultKind) answersItself() bool { return !k.isAccepted() && !k.isSilent() }

// onceConnected returns the kind that replaces a fault of connecting after the client has connected.
func (k FaultKind) onceConnected() FaultKind {
	switch {
	case k == FaultConnectHang:
		return FaultHang
	case k.isOfConnecting():
		return FaultReset
	default:
		return k
	}
}
