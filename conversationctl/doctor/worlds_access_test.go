package doctor_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const (
	apiHost   = "eu.conversation.api.sinch.com"
	tokenHost = "auth.sinch.com"
)

// useKey sets the access key of the client and of the options.
func (w *world) useKey(id, secret string) {
	w.key = conversation.WithOAuth2(id, secret)
	w.opts.KeyID, w.opts.KeySecret = id, secret
}

func (w *world) tokenFault(kind conversationtest.FaultKind, status int) {
	w.eu.Fault(conversationtest.Fault{Kind: kind, Operation: "token", Status: status})
}

var credentialsWorlds = []brokenWorld{
	{
		"a wrong key secret", func(w *world) { w.useKey(keyID, otherSecret) },
		[]want{failure("credentials", "the token endpoint rejects the access key with 401: the key id or the key secret is wrong")},
	}, {
		"a wrong key that the options do not name", func(w *world) {
			w.useKey(keySecret, keyID)
			w.opts.KeyID = ""
		},
		[]want{failure("credentials", "SINCH_KEY_SECRET")},
	}, {
		"a swapped key id and secret", func(w *world) { w.useKey(keySecret, keyID) },
		[]want{failure("credentials", "the key id and the key secret are swapped: set SINCH_KEY_ID")},
	}, {
		"a swapped key id and secret, with white space around them", func(w *world) {
			w.useKey(keySecret, keyID)
			w.opts.KeyID, w.opts.KeySecret = " "+keySecret+"\n", keyID+" "
		},
		[]want{failure("credentials", "the key id and the key secret are swapped")},
	}, {
		"a swapped key id and secret of basic authentication", func(w *world) {
			w.useKey(keySecret, keyID)
			w.key = conversation.WithBasicAuth(keySecret, keyID)
		},
		[]want{failure("credentials", "the key id and the key secret are swapped")},
	}, {
		"a wrong secret of basic authentication", func(w *world) {
			w.useKey(keyID, otherSecret)
			w.key = conversation.WithBasicAuth(keyID, otherSecret)
		},
		[]want{failure("credentials", "the API rejects the access key with 401: the key id or the key secret is wrong")},
	}, {
		"the project id in place of the key id", func(w *world) { w.useKey(projectID, keySecret) },
		[]want{failure("credentials", "the key id is the project id")},
	}, {
		"the key id in place of the secret", func(w *world) { w.useKey(keyID, keyID) },
		[]want{failure("credentials", "the key id and the key secret are the same")},
	}, {
		"a token endpoint that the DNS does not know", func(w *world) { w.internet.serve(tokenHost, nil) },
		[]want{failure("credentials", "the token endpoint cannot be reached: the DNS does not know the host name auth.sinch.com")},
	}, {
		"a token endpoint behind a closed port", func(w *world) {
			w.internet.serve(tokenHost, broken{&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}})
		},
		[]want{failure("credentials", "refuses the connection")},
	}, {
		"a proxy that is down", func(w *world) {
			w.internet.serve(tokenHost, broken{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}})
		},
		[]want{failure("credentials", "through the proxy of HTTPS_PROXY")},
	}, {
		"a proxy that inspects TLS", func(w *world) {
			w.internet.serve(tokenHost, broken{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}})
		},
		[]want{failure("credentials", "trust its authority on this machine")},
	}, {
		"a token endpoint that throttles", func(w *world) { w.tokenFault(conversationtest.FaultRateLimit, 0) },
		[]want{failure("credentials", "the token endpoint answers with 429")},
	}, {
		"a token endpoint that is down", func(w *world) { w.tokenFault(conversationtest.FaultTokenEndpointDown, 0) },
		[]want{failure("credentials", "the token endpoint is unavailable: it answers with 503")},
	}, {
		"a token URL of something else", func(w *world) { w.tokenFault(conversationtest.FaultHTML, http.StatusNotFound) },
		[]want{failure("credentials", "correct SINCH_TOKEN_URL")},
	}, {
		"a token URL of a page", func(w *world) { w.tokenFault(conversationtest.FaultHTML, http.StatusOK) },
		[]want{failure("credentials", "answers with 200, but without a token")},
	},
}

// foreignKey makes the key one of another project than the given one, which exists.
func (w *world) foreignKey(project string) {
	other := conversationtest.NewServer(conversationtest.Config{
		InMemory: true, ProjectID: project,
		Projects: []conversationtest.Project{{ID: "another-project", KeyID: keyID, KeySecret: keySecret}},
	})
	w.t.Cleanup(other.Close)
	w.internet.serve(apiHost, regional{other, true})
	w.internet.serve(tokenHost, regional{other, true})
}

var projectWorlds = []brokenWorld{
	{
		"a key of another project", func(w *world) { w.foreignKey(projectID) },
		[]want{failure("project", "with 403: the key belongs to another project, or the project id is wrong")},
	}, {
		"the app id in place of the project id, answered with 403", func(w *world) {
			w.projectID = appID
			w.foreignKey(appID)
		},
		[]want{failure("project", "the project id is the id of the app")},
	}, {
		"a project that does not exist", func(w *world) { w.projectID = "0a1b2c3d-0000-4222-8333-444455556666" },
		[]want{failure("project", "the project 0a1b2c3d-0000-4222-8333-444455556666 does not exist in us, eu, br")},
	}, {
		"a project that does not exist, and no app", func(w *world) { w.projectID, w.opts.AppID = "made-up", "" },
		[]want{failure("project", "the project made-up does not exist")},
	}, {
		"the app id in place of the project id", func(w *world) { w.projectID = appID },
		[]want{failure("project", "the project id is the id of the app")},
	}, {
		"the key id in place of the project id", func(w *world) { w.projectID = keyID },
		[]want{failure("project", "the project id is the id of the access key")},
	}, {
		"an account without credit", func(w *world) {
			w.eu.Fault(conversationtest.Fault{
				Kind: conversationtest.FaultStatus, Status: http.StatusForbidden,
				Body: `{"error":{"code":403,"message":"BILLING_CREDIT_LIMIT_BREACHED","status":"PERMISSION_DENIED","details":[]}}`,
			})
		},
		[]want{failure("project", "credit limit")},
	}, {
		"tokens that the API rejects", func(w *world) {
			w.eu.Fault(conversationtest.Fault{Kind: conversationtest.FaultRevokeTokens})
		},
		[]want{failure("project", "with 401: the key belongs to another project")},
	},
}

func (w *world) fault(kind conversationtest.FaultKind, status int) {
	w.eu.Fault(conversationtest.Fault{Kind: kind, Status: status})
}

var apiWorlds = []brokenWorld{
	{
		"an API that the DNS does not know", func(w *world) { w.internet.serve(apiHost, nil) },
		[]want{failure("api", "the DNS does not know the host name eu.conversation.api.sinch.com")},
	}, {
		"an API that is down", func(w *world) { w.fault(conversationtest.FaultStatus, http.StatusServiceUnavailable) },
		[]want{failure("api", "is unavailable")},
	}, {
		"an API that throttles", func(w *world) { w.fault(conversationtest.FaultRateLimit, 0) },
		[]want{failure("api", "answers with 429")},
	}, {
		"an API that closes connections", func(w *world) { w.fault(conversationtest.FaultReset, 0) },
		[]want{failure("api", "closes the connection without an answer")},
	}, {
		"a base URL of a page", func(w *world) {
			w.address = conversation.WithBaseURL("https://page.example/api")
			w.internet.serve("page.example", inProcess{http.NotFoundHandler()})
		},
		[]want{failure("api", "correct SINCH_CONVERSATION_BASE_URL")},
	}, {
		"a page that answers with 200", func(w *world) { w.fault(conversationtest.FaultHTML, http.StatusOK) },
		[]want{failure("api", "and not as the Conversation API does")},
	}, {
		"a redirect", func(w *world) { w.fault(conversationtest.FaultRedirect, 0) },
		[]want{failure("api", "and not as the Conversation API does")},
	}, {
		"webhooks that cannot be listed", func(w *world) {
			w.eu.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Webhooks.List", Status: http.StatusInternalServerError})
		},
		[]want{failure("webhooks", "is unavailable")},
	},
}

var regionWorlds = []brokenWorld{
	{
		"a wrong region", func(w *world) { w.address = conversation.WithRegion(conversation.RegionUS) },
		[]want{failure("region", "the app "+appID+" is in eu, and the client calls us: set SINCH_CONVERSATION_REGION=eu")},
	}, {
		"a wrong region as a base URL", func(w *world) { w.address = conversation.WithBaseURL("https://us.conversation.api.sinch.com") },
		[]want{failure("region", "is in eu, and the client calls us")},
	}, {
		"a wrong region, and another one is down", func(w *world) {
			w.address = conversation.WithRegion(conversation.RegionUS)
			w.internet.serve("br.conversation.api.sinch.com", nil)
		},
		[]want{failure("region", "is in eu, and the client calls us")},
	}, {
		"the project id in place of the app id", func(w *world) { w.opts.AppID = projectID },
		[]want{failure("app", "the app id is the id of the project. The project has "+appID+` "Test app" in eu`)},
	}, {
		"an app that does not exist", func(w *world) { w.opts.AppID = "01EB37HMF1M0NE0000000000AA" },
		[]want{failure("app", "no app has the id 01EB37HMF1M0NE0000000000AA in us, eu, br. The project has "+appID)},
	}, {
		"an app that does not exist, and a region is down", func(w *world) {
			w.opts.AppID = "made-up"
			w.internet.serve("br.conversation.api.sinch.com", nil)
		},
		[]want{failure("app", "(no answer from br)")},
	}, {
		"an app id that cannot be in a path", func(w *world) { w.opts.AppID = ".." },
		[]want{failure("app", "set SINCH_APP_ID")},
	}, {
		"a phone number in place of the app id", func(w *world) { w.opts.AppID = "+" + phone },
		[]want{failure("app", "no app has the id *******")},
	}, {
		"no apps anywhere", func(w *world) {
			w.opts.AppID = ""
			_ = w.eu.NewClient(w.t).Apps.Delete(w.t.Context(), appID)
		},
		[]want{failure("app", "the project has no apps in us, eu, br")},
	}, {
		"no app is chosen, and none is in the region", func(w *world) {
			w.opts.AppID = ""
			w.address = conversation.WithRegion(conversation.RegionBR)
		},
		[]want{failure("region", "the project has no apps in br, but elsewhere: "+appID)},
	}, {
		"no app is chosen, and there are several", func(w *world) {
			w.opts.AppID = ""
			w.app(conversation.RegionEU, "Second shop "+phone)
		},
		[]want{warning("app", `"Second shop *******"`)},
	}, {
		"a fake without the app", func(w *world) {
			w.opts.AppID = "made-up"
			w.address = conversation.WithBaseURL("https://fake.example")
			w.internet.serve("fake.example", regional{w.eu, true})
		},
		[]want{failure("app", "no app has the id made-up in https://fake.example, and no other address was asked")},
	},
}
