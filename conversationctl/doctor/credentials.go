package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation"
)

const fixKey = "set SINCH_KEY_ID (--key-id) and SINCH_KEY_SECRET (--key-secret-file) to an access key of the project, which the Sinch dashboard creates"

// noToken returns the finding for a call for which no access token could be obtained.
func (e *examination) noToken(ctx context.Context, failed *conversation.AuthError) Finding {
	status := failed.StatusCode
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, failed.Code == "invalid_client":
		return e.refusedKey(ctx, fmt.Sprintf("the token endpoint rejects the access key with %d", status))
	case status == http.StatusTooManyRequests:
		return failure(checkCredentials, "the token endpoint answers with 429: too many tokens are requested",
			"run the doctor again later, and share one client in each program, since it caches its token")
	case status >= http.StatusInternalServerError:
		return failure(checkCredentials, fmt.Sprintf("the token endpoint is unavailable: it answers with %d", status),
			"run the doctor again later, and see the status page of Sinch")
	case status != 0:
		return failure(checkCredentials, fmt.Sprintf("the token endpoint answers with %d, but without a token", status),
			"correct SINCH_TOKEN_URL (--token-url), or leave it out to ask Sinch")
	case failed.Err != nil:
		what, fix := networkProblem(failed.Err)
		return failure(checkCredentials, "the token endpoint "+what, fix)
	}
	return failure(checkCredentials, "there is no access token: "+said(failed.Reason), fixKey)
}

// refusedKey returns the finding for an access key that is not accepted.
func (e *examination) refusedKey(ctx context.Context, message string) Finding {
	id, secret := strings.TrimSpace(e.opts.KeyID), strings.TrimSpace(e.opts.KeySecret)
	switch {
	case id == "" || secret == "":
	case id == secret:
		return failure(checkCredentials, message+": the key id and the key secret are the same", fixKey)
	case id == e.client.ProjectID():
		return failure(checkCredentials, message+": the key id is the project id", fixKey)
	case e.acceptsSwapped(ctx, id, secret):
		return failure(checkCredentials, "the key id and the key secret are swapped",
			"set SINCH_KEY_ID (--key-id) to the value of SINCH_KEY_SECRET (--key-secret-file), and the other way round")
	}
	return failure(checkCredentials, message+": the key id or the key secret is wrong, or the key was deleted", fixKey)
}

// acceptsSwapped reports whether the key is accepted with its id and secret swapped.
func (e *examination) acceptsSwapped(ctx context.Context, id, secret string) bool {
	credentials := conversation.WithOAuth2
	if e.basic.Load() {
		credentials = conversation.WithBasicAuth
	}
	swapped, err := e.client.With(credentials(secret, id))
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = swapped.Apps.List(ctx)
	answer, isAnswer := errors.AsType[*conversation.Error](err)
	return err == nil || isAnswer && answer.StatusCode != http.StatusUnauthorized
}
