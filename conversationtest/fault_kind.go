package conversationtest

import "fmt"

// FaultKind is what goes wrong.
type FaultKind int

// Faults of connecting. The request never arrives: it is in no list of the server. They happen to clients that use
// Server.Transport, as those of Server.NewClient and Server.Options do. For others, and on a socket, the connection is
// made, and then reset as with FaultReset; FaultConnectHang is as FaultHang.
const (
	FaultRefuse         FaultKind = iota + 1 // the connection is refused
	FaultUnknownHost                         // the host name is not found
	FaultBadCertificate                      // the server's certificate cannot be trusted
	FaultConnectHang                         // connecting takes until the client gives up
)

// Faults before the request is handled. It is in Server.Requests, and has no effect.
const (
	FaultReset             FaultKind = iota + 101 // the connection is closed before the request's body is read
	FaultResetMidRequest                          // the connection is closed when half of the request's body is read
	FaultHang                                     // there is no answer until the client leaves
	FaultRateLimit                                // 429, with Fault.RetryAfter
	FaultStatus                                   // the Status, 500 by default, with the platform's error body
	FaultHTML                                     // the Status, 502 by default, with the page of a proxy
	FaultRedirect                                 // the Status, 307 by default, with the Location
	FaultExpiredToken                             // 401, as if the access token had expired
	FaultTokenEndpointDown                        // the Status, 503 by default, from the token endpoint
)

// Faults of requests that are handled: what they do is done, and a send is in Server.Sent, unless it is refused.
const (
	FaultSlow              FaultKind = iota + 201 // the answer takes Fault.Delay
	FaultRevokeTokens                             // all access tokens die before the request is looked at
	FaultDropAfterAccept                          // the connection is closed without an answer: the ambiguous send
	FaultHangAfterAccept                          // there is no answer until the client leaves
	FaultStatusAfterAccept                        // the Status, 504 by default, with the platform's error body
	FaultTruncatedBody                            // the headers and half of the body, and the connection is closed
	FaultStall                                    // the headers and half of the body, and nothing until the client leaves
	FaultEmptyBody                                // the answer without its body
	FaultBadJSON                                  // the answer with a body that is no JSON
	FaultCutGzip                                  // the answer with a body in gzip, of which the second half is missing
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

// String names the kind.
func (k FaultKind) String() string {
	if name, ok := faultNames[k]; ok {
		return name
	}
	return fmt.Sprintf("FaultKind(%d)", int(k))
}

func (k FaultKind) known() bool { return faultNames[k] != "" }

// isOfConnecting tells the faults that happen before there is a connection.
func (k FaultKind) isOfConnecting() bool { return k >= FaultRefuse && k <= FaultConnectHang }

// isAccepted tells the faults of requests that are handled. No fault is one of them.
func (k FaultKind) isAccepted() bool { return k == 0 || k >= FaultSlow }

// isSilent tells the faults without any answer.
func (k FaultKind) isSilent() bool {
	switch k {
	case FaultReset, FaultResetMidRequest, FaultDropAfterAccept:
		return true
	default:
		return k.isHanging()
	}
}

func (k FaultKind) isHanging() bool { return k == FaultHang || k == FaultHangAfterAccept }

// answersItself tells the faults that answer in place of the server.
func (k FaultKind) answersItself() bool { return !k.isAccepted() && !k.isSilent() }

// onceConnected is what becomes of a fault of connecting when there is a connection.
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
