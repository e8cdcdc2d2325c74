package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation"
)

// access reports whether the API accepts the credentials and the project, by the outcome of the first call.
func (e *examination) access(ctx context.Context, first firstCall) []Finding {
	accepted := ok(checkCredentials, e.acceptedCredentials())
	answer, _ := errors.AsType[*conversation.Error](first.err)
	auth, refused := errors.AsType[*conversation.AuthError](first.err)
	argument, invalid := errors.AsType[*conversation.ArgumentError](first.err)
	switch {
	case first.err == nil:
		return []Finding{accepted, e.knownProject()}
	case refused:
		return []Finding{e.noToken(ctx, auth)}
	case invalid:
		return []Finding{failure(checkApp, "the app id "+said(argument.Reason), fixApp)}
	case answer == nil:
		return []Finding{e.failedCall(checkAPI, first.err)}
	case answer.StatusCode == http.StatusUnauthorized && e.basic.Load():
		return []Finding{e.refusedKey(ctx, "the API rejects the access key with 401")}
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		return []Finding{accepted, e.rejectedProject(answer)}
	case isMissing(answer):
		return []Finding{accepted} // locate finds out what is missing
	}
	return []Finding{e.failedCall(checkAPI, first.err)}
}

func (e *examination) acceptedCredentials() string {
	if e.basic.Load() {
		return "the API accepts the access key, by basic authentication, which has a low rate limit"
	}
	return "an access token was obtained"
}

func (e *examination) knownProject() Finding {
	return ok(checkProject, "the credentials are of the project "+shownID(e.client.ProjectID()))
}

// rejectedProject returns the finding for a 401 or 403 of the API to valid credentials.
func (e *examination) rejectedProject(answer *conversation.Error) Finding {
	project := shownID(e.client.ProjectID())
	switch {
	case bytes.Contains(answer.Body, []byte("BILLING_CREDIT_LIMIT_BREACHED")):
		return failure(checkProject, "the account of the project has reached its credit limit (BILLING_CREDIT_LIMIT_BREACHED)",
			"add credit in the Sinch dashboard: neither the access key nor its permissions are wrong")
	case e.mistakenProject() != "":
		return failure(checkProject, e.mistakenProject(), fixProject)
	}
	return failure(checkProject, fmt.Sprintf("the API rejects the access key for the project %s with %d: the key belongs to another project, or the project id is wrong",
		project, answer.StatusCode),
		"set SINCH_PROJECT_ID (--project-id) to the project of the key, or SINCH_KEY_ID and SINCH_KEY_SECRET to a key of this project")
}

const fixProject = "set SINCH_PROJECT_ID (--project-id) to the project id from the Sinch dashboard"

// mistakenProject returns what the project id is instead, or "".
func (e *examination) mistakenProject() string {
	switch e.client.ProjectID() {
	case e.opts.AppID:
		return "the project id is the id of the app"
	case strings.TrimSpace(e.opts.KeyID):
		return "the project id is the id of the access key"
	}
	return ""
}

// isMissing reports whether the API answers that the app or the project does not exist.
func isMissing(answer *conversation.Error) bool {
	return answer.StatusCode == http.StatusNotFound && (answer.Code != 0 || answer.Status != "")
}

// failedCall returns the finding of a call that failed for a reason that has nothing to do with its subject.
func (e *examination) failedCall(check string, err error) Finding {
	address := shownAddress(e.client.BaseURL())
	if transport, ok := errors.AsType[*conversation.TransportError](err); ok {
		what, fix := networkProblem(transport.Err)
		return failure(check, "the API at "+address+" "+what, fix)
	}
	answer, isAnswer := errors.AsType[*conversation.Error](err)
	switch {
	case !isAnswer:
		return failure(check, "the API at "+address+" cannot be called: "+said(err.Error()), "correct the settings of the client")
	case answer.StatusCode == http.StatusTooManyRequests:
		return failure(check, "the API at "+address+" answers with 429: the project makes too many requests", "run the doctor again later, and slow down the senders of the project")
	case answer.StatusCode >= http.StatusInternalServerError:
		return failure(check, "the API at "+address+" is unavailable: "+said(strings.TrimPrefix(answer.Error(), "conversation: ")), "run the doctor again later, and see the status page of Sinch")
	}
	return failure(check, fmt.Sprintf("the server at %s answers with %d, and not as the Conversation API does", address, answer.StatusCode),
		"correct SINCH_CONVERSATION_BASE_URL (--base-url), or leave it out to call Sinch, and check the proxies before it")
}
